"""Programs that others wrote, speaking with a running server; run by a Python that has them.

    var/clients/bin/python outside_clients.py http://127.0.0.1:8000/open311/v2 KEY 东方丽都1幢

Prints one line of JSON: what each of them saw.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def georeport(base: str) -> dict[str, Any]:
    """Read everything that georeport can read, as JSON and as XML."""
    from georeport import GeoReport

    seen: dict[str, Any] = {}
    for form in ("json", "xml"):
        client = GeoReport(base, jurisdiction="330212007", output_format=form)
        services = client.get_service_list()
        code = services[0]["service_code"]
        definition = client.get_service_definition(code)
        requests = client.get_service_requests(status="open")
        several = requests if isinstance(requests, list) else [requests]
        number = several[0]["service_request_id"]
        seen[form] = {
            "services": sorted(service["service_name"] for service in services),
            "definition": definition["service_code"],
            "requests": sorted(one["service_request_id"] for one in several),
            "one": client.get_service_request(number)["status"],
        }
    return seen


def civicbot(base: str, key: str, where: str) -> dict[str, Any]:
    """Let civicbot read the services, check a report against them, file it and read it again."""
    from civicbot.http import HttpError
    from civicbot.open311 import Open311Client
    from civicbot.registry import Endpoint

    client = Open311Client(Endpoint("linli", "Linli", base, write=True))
    services = client.list_services()
    lift = next(service for service in services if service["service_name"] == "电梯故障")
    sent = client.create_request(
        lift["service_code"],
        dry_run=False,
        confirm="SEND",
        api_key=key,
        validate_remote=True,
        address_string=where,
        description="三号梯不动了",
        lat=29.81,
        lng=121.55,
        attributes={"SPOT": "西边那台", "ANSWER": "page"},
    )
    number = sent.response[0]["service_request_id"]
    try:
        client.create_request(
            lift["service_code"],
            dry_run=False,
            confirm="SEND",
            api_key="wrong",
            address_string=where,
        )
        refused = 0
    except HttpError as wrong:
        refused = wrong.status
    one = client.get_request(number) or {}
    return {
        "services": len(services),
        "number": number,
        "refused": refused,
        "status": one.get("status"),
        "description": one.get("description"),
        "listed": len(client.list_requests(service_request_ids=[number], status="open")),
    }


def standardwebhooks(secret: str, heads: dict[str, str], body: str) -> dict[str, Any]:
    """Check a message as receivers do that follow the Standard Webhooks convention."""
    from standardwebhooks import Webhook, WebhookVerificationError

    data = Webhook(secret).verify(body, heads)
    try:
        Webhook(secret).verify(body + " ", heads)
    except WebhookVerificationError:
        return {"type": data["type"], "changed": "refused"}
    return {"type": data["type"], "changed": "accepted"}


def main() -> None:
    """Speak with the server, or check one message."""
    given = sys.argv[1:]
    if given[0] == "webhook":
        said: dict[str, Any] = standardwebhooks(given[1], json.loads(given[2]), given[3])
    else:
        base, key, where = given
        said = {"civicbot": civicbot(base, key, where), "georeport": georeport(base)}
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
