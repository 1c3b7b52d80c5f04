"""What is kept about people ends: a list before, holds, deletion, a certificate (N2)."""
