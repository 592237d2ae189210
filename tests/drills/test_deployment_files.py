"""What is handed to machines that are not here: it must at least be whole and agree with the code."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from comptoir.config import worker
from comptoir.flows.metrics import GAUGES

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
METRICS = {f"comptoir_{gauge.name}" for gauge in GAUGES} | {"comptoir_info"}


def documents() -> list[dict[str, Any]]:
    names = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]
    return [one for name in names for one in yaml.safe_load_all((KUBERNETES / name).read_text())]


def pods() -> dict[str, dict[str, Any]]:
    kinds = ("Deployment", "StatefulSet", "Job")
    return {d["metadata"]["name"]: d["spec"]["template"]["spec"] for d in documents() if d["kind"] in kinds}


def grace() -> int:
    return worker.GRACE_SECONDS + worker.ABORT_SECONDS


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def test_kubernetes_has_web_worker_and_a_database_with_its_standby_and_selectors_that_find_them() -> None:
    assert pods().keys() == {"database", "standby", "migrate", "web", "worker"}
    for one in documents():
        if one["kind"] in ("Deployment", "StatefulSet"):
            wanted = one["spec"]["selector"]["matchLabels"].items()
            assert wanted <= one["spec"]["template"]["metadata"]["labels"].items(), one["metadata"]["name"]


def test_probes_ask_addresses_that_exist() -> None:
    from django.urls import resolve

    web = pods()["web"]["containers"][0]
    assert resolve(web["livenessProbe"]["httpGet"]["path"]).url_name == "health-live"
    assert resolve(web["readinessProbe"]["httpGet"]["path"]).url_name == "health-ready"


def test_a_worker_is_given_the_time_that_it_takes_to_leave() -> None:
    assert pods()["worker"]["terminationGracePeriodSeconds"] > grace()
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    assert seconds(compose["services"]["worker"]["stop_grace_period"]) > grace()


def test_nothing_of_the_hub_runs_as_root() -> None:
    for name in ("web", "worker", "migrate"):
        rights = pods()[name]["containers"][0]["securityContext"]
        assert rights["runAsNonRoot"] is True
        assert rights["allowPrivilegeEscalation"] is False
    assert re.search(r"^USER comptoir$", (ROOT / "Dockerfile").read_text(), re.M)


def test_every_command_of_the_manifests_and_of_compose_is_one_that_comptoir_has() -> None:
    from comptoir.config.cli import app

    known = {
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    }
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    commands = [pod["containers"][0].get("command", []) for pod in pods().values()]
    commands += [service.get("command", []) for service in compose.values()]
    ours = [command[3] for command in commands if command[:3] == ["python", "-m", "comptoir"]]
    assert sorted(set(ours)) == ["migrate", "worker"]
    assert set(ours) <= known


def test_compose_has_a_standby_and_no_password_of_ours() -> None:
    text = (ROOT / "compose.yaml").read_text()
    services = yaml.safe_load(text)["services"]
    assert {"database", "standby", "migrate", "web", "worker"} <= services.keys()
    assert "/health/ready" in str(services["web"]["healthcheck"])
    for line in text.splitlines():
        if "PASSWORD" in line and ":" in line and not line.lstrip().startswith("#"):
            assert "${" in line, line


def test_the_secrets_that_are_shown_are_no_secrets() -> None:
    shown = yaml.safe_load((KUBERNETES / "secrets.example.yaml").read_text())["stringData"]
    assert all("change-me" in value for value in shown.values())
    assert not (KUBERNETES / "secrets.yaml").exists()
    assert "target_session_attrs=read-write" in shown["DATABASE_URL"]


def test_dashboard_and_rules_ask_for_metrics_that_exist() -> None:
    dashboard = json.loads((DEPLOY / "grafana" / "comptoir.json").read_text())
    rules = yaml.safe_load((DEPLOY / "prometheus" / "comptoir.rules.yaml").read_text())
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    asked += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    named = {name for expression in asked for name in re.findall(r"comptoir_\w+", expression)}
    assert named <= METRICS
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"]) >= 12


def test_the_scripts_of_the_manifests_are_those_of_compose() -> None:
    for script in (DEPLOY / "postgres").iterdir():
        assert (KUBERNETES / "scripts" / script.name).read_text() == script.read_text()


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on this machine")
def test_kustomize_builds_the_whole() -> None:
    done = subprocess.run(
        ["kubectl", "kustomize", str(KUBERNETES)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    built = [one for one in yaml.safe_load_all(done.stdout) if one]
    assert all(one["metadata"].get("namespace") == "comptoir" for one in built if one["kind"] != "Namespace")
