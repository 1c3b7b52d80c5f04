"""让手机连上, the steps for phones, and the script that only a trusting phone takes."""

from __future__ import annotations

import http.client
import plistlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.test import Client

from linli.core.office import authority, certificates
from linli.core.office.note import Office
from linli.faces.office import steps
from tests.places.conftest import Subdistrict
from tests.scope.world import signed_in_as
