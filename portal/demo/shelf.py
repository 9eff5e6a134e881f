"""What stands in the demo's library: titles, texts, audiences, and where branding goes."""

from __future__ import annotations

from dataclasses import dataclass

from portal.collateral.rules.assets import AssetKind, Stage
from portal.collateral.rules.cobrand import Zone, ZoneKind
from portal.files.zones import Box, Unit, Valign

FOOT = (
    Zone(ZoneKind.LOGO, 1, Box(9, 89, 24, 7, Unit.PERCENT), valign=Valign.MIDDLE),
    Zone(ZoneKind.CONTACT, 1, Box(38, 89, 32, 8, Unit.PERCENT), largest=9),
    Zone(ZoneKind.LEVEL, 1, Box(74, 90, 17, 4, Unit.PERCENT), largest=10),
)
SLIDE_FOOT = (Zone(ZoneKind.LOGO, 1, Box(80, 84, 14, 10, Unit.PERCENT), valign=Valign.MIDDLE),)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAsset:
    """One piece as the demo makes it.  `sections` are headings with their text."""

    title: str
    kind: AssetKind
    line: str
    summary: str
    sections: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str], ...] = ()
    stage: Stage = Stage.ANY
    industry: str = ""
    language: str = "en"
    tags: str = ""
    audience: frozenset[str] = frozenset({"all"})
    zones: tuple[Zone, ...] = FOOT
    family: str = ""
    colour: str = "#2b50d6"
    is_wide: bool = False
    days_old: int = 60


def demo_assets() -> tuple[DemoAsset, ...]:
    """Twelve pieces over all lines, in two languages, some for a level or a type only."""
    return (
        DemoAsset(
            title="Observe Team datasheet",
            kind=AssetKind.DATASHEET,
            line="observe-team",
            summary="Monitoring for teams that run up to a hundred services.",
            sections=(
                (
                    "See what broke first",
                    (
                        "Every alert names the service that failed first and the "
                        "change before it. Teams resolve incidents in half the time."
                    ),
                ),
                (
                    "Ready in an afternoon",
                    (
                        "Agents install without a restart. Dashboards for "
                        "Kubernetes, databases and queues come with the product."
                    ),
                ),
                (
                    "Data stays in Europe",
                    (
                        "Metrics and logs are kept in Zurich and Frankfurt, "
                        "encrypted with your own key."
                    ),
                ),
            ),
            rows=(("Services", "up to 100"), ("Retention", "13 months"), ("Support", "8 to 18")),
            stage=Stage.DISCOVER,
            tags="monitoring alerts dashboards",
            family="observe-team-sheet",
            days_old=20,
        ),
        DemoAsset(
            title="Observe Team Datenblatt",
            kind=AssetKind.DATASHEET,
            line="observe-team",
            summary="Überwachung für Teams mit bis zu hundert Diensten.",
            sections=(
                (
                    "Sehen, was zuerst ausfiel",
                    (
                        "Jede Meldung nennt den Dienst, der zuerst ausfiel, "
                        "und die Änderung davor. Störungen sind in der halben Zeit behoben."
                    ),
                ),
                (
                    "An einem Nachmittag bereit",
                    (
                        "Die Agenten brauchen keinen Neustart. Ansichten "
                        "für Kubernetes, Datenbanken und Warteschlangen sind dabei."
                    ),
                ),
                (
                    "Daten bleiben in Europa",
                    (
                        "Messwerte und Protokolle liegen in Zürich und "
                        "Frankfurt, mit Ihrem eigenen Schlüssel verschlüsselt."
                    ),
                ),
            ),
            rows=(("Dienste", "bis 100"), ("Aufbewahrung", "13 Monate")),
            stage=Stage.DISCOVER,
            language="de",
            tags="Überwachung Alarme",
            family="observe-team-sheet",
            days_old=18,
        ),
        DemoAsset(
            title="Observe Enterprise brochure",
            kind=AssetKind.BROCHURE,
            line="observe-enterprise",
            summary="One view over every region, cloud and data centre.",
            sections=(
                (
                    "Thousands of services, one map",
                    "Dependencies are found by themselves and kept up to date with every release.",
                ),
                (
                    "Rights by business unit",
                    "Each unit sees its own services; the operations centre sees them all.",
                ),
                ("Proven at scale", "Customers send two million measurements a second."),
                ("A partner at your side", "Design, rollout and training by certified partners."),
            ),
            stage=Stage.DISCOVER,
            tags="enterprise scale map",
        ),
        DemoAsset(
            title="Battlecard: Observe against open source",
            kind=AssetKind.BATTLECARD,
            line="observe-team",
            summary="Questions that open the conversation, and honest answers.",
            sections=(
                (
                    "When you hear: it is free",
                    (
                        "Ask who is on call for it. Most teams run two "
                        "people for upgrades, storage and alert rules."
                    ),
                ),
                (
                    "Where they are strong",
                    (
                        "Flexible dashboards and a large community. Do not "
                        "argue; show the time to the first useful alert."
                    ),
                ),
                ("Where we win", "First cause analysis, support in your language, data in Europe."),
            ),
            stage=Stage.PROPOSE,
            tags="competition objections prometheus grafana",
            zones=(),
            audience=frozenset({"type:reseller", "type:var", "type:distributor"}),
            colour="#874700",
        ),
        DemoAsset(
            title="Vault Backup datasheet",
            kind=AssetKind.DATASHEET,
            line="vault-backup",
            summary="Backups that ransomware does not reach.",
            sections=(
                (
                    "Immutable by design",
                    (
                        "Copies cannot be changed or deleted before their time, "
                        "not even by an administrator."
                    ),
                ),
                (
                    "Restore in minutes",
                    "Start a virtual machine straight from the backup while the data moves back.",
                ),
                (
                    "Tested every night",
                    "Each backup is restored and checked without anybody asking.",
                ),
            ),
            rows=(("Capacity", "10 TB to 2 PB"), ("Targets", "disk, tape, object storage")),
            stage=Stage.DISCOVER,
            tags="ransomware recovery immutable",
            days_old=9,
        ),
        DemoAsset(
            title="Vault Backup: a hospital restores in eleven minutes",
            kind=AssetKind.CASE_STUDY,
            line="vault-backup",
            summary="How a regional hospital kept working through an attack.",
            sections=(
                (
                    "The night of the attack",
                    (
                        "At two in the morning every file server was "
                        "encrypted. Patient records had to be back before the first shift."
                    ),
                ),
                (
                    "Eleven minutes",
                    (
                        "The records system ran from the backup after eleven minutes. "
                        "No ransom was paid."
                    ),
                ),
                (
                    "What changed since",
                    "Every ward now has a recovery plan that is tested each quarter.",
                ),
            ),
            stage=Stage.PROPOSE,
            industry="Healthcare",
            tags="reference customer hospital ransomware",
        ),
        DemoAsset(
            title="Shield SSO datasheet",
            kind=AssetKind.DATASHEET,
            line="shield-sso",
            summary="One sign-in for every application, without passwords.",
            sections=(
                (
                    "Passkeys from day one",
                    "People sign in with their phone or a key. There is nothing to phish.",
                ),
                (
                    "Three hundred connectors",
                    (
                        "SAML, OpenID Connect and SCIM for the applications "
                        "your customers already use."
                    ),
                ),
                (
                    "Leavers are out at once",
                    "An account that is closed in HR is closed everywhere in a minute.",
                ),
            ),
            rows=(("Users", "100 to 50,000"), ("Availability", "99.99 %")),
            stage=Stage.DISCOVER,
            tags="single sign-on identity passkeys mfa",
            colour="#0a6b3c",
            days_old=4,
        ),
        DemoAsset(
            title="Shield SSO security guide for banks",
            kind=AssetKind.GUIDE,
            line="shield-sso",
            summary="How Shield meets the rules for outsourcing and strong authentication.",
            sections=(
                (
                    "Strong authentication",
                    "Two independent factors, bound to the payment that is approved.",
                ),
                (
                    "Outsourcing",
                    "Audit rights, exit plan and data location are part of the contract.",
                ),
                ("Logging", "Every sign-in is kept for ten years and cannot be changed."),
            ),
            stage=Stage.NEGOTIATE,
            industry="Banking",
            tags="compliance regulation psd2 audit",
            colour="#0a6b3c",
        ),
        DemoAsset(
            title="Price list for gold partners",
            kind=AssetKind.PRICE_LIST,
            line="",
            summary="List prices in euro with the discount of your level.",
            sections=(
                (
                    "How to read it",
                    "Prices are before tax. Volume discounts add to the discount of your level.",
                ),
            ),
            rows=(
                ("Observe Team, 25 seats", "€4,900"),
                ("Observe Enterprise, 500 seats", "€89,000"),
                ("Vault Backup, 10 TB", "€8,200"),
                ("Shield SSO, 100 users", "€3,600"),
            ),
            stage=Stage.NEGOTIATE,
            tags="prices discount quote",
            zones=(),
            audience=frozenset({"tier:gold"}),
            colour="#585f6e",
        ),
        DemoAsset(
            title="First meeting slides",
            kind=AssetKind.PRESENTATION,
            line="",
            summary="Who we are and what we solve, in ten minutes.",
            sections=(
                (
                    "Three questions to start with",
                    "What broke last month? Who noticed first? How long until you knew why?",
                ),
                ("What we do", "Observe sees it, Vault brings it back, Shield keeps the door."),
            ),
            stage=Stage.DISCOVER,
            tags="slides pitch introduction",
            zones=SLIDE_FOOT,
            is_wide=True,
        ),
        DemoAsset(
            title="Onboarding checklist for new customers",
            kind=AssetKind.TEMPLATE,
            line="",
            summary="From signature to the first review, week by week.",
            sections=(
                ("Week one", "Kick-off, access, and the first ten services connected."),
                ("Week two", "Dashboards with the teams that use them."),
                ("Week six", "First review: what was found, what comes next."),
            ),
            stage=Stage.ONBOARD,
            tags="checklist rollout project plan",
        ),
        DemoAsset(
            title="Return on investment of Observe",
            kind=AssetKind.WHITE_PAPER,
            line="observe-enterprise",
            summary="What an hour of outage costs, and how to reckon it with a customer.",
            sections=(
                (
                    "The cost of an hour",
                    (
                        "Lost sales, idle people and late penalties. A method in "
                        "four lines that finance accepts."
                    ),
                ),
                (
                    "A worked example",
                    "A retailer with forty shops saved eleven hours of outage in the first year.",
                ),
            ),
            stage=Stage.PROPOSE,
            industry="Retail",
            tags="roi business case outage cost",
        ),
    )
