"""The words of the Common Impact Data Standard that a value map has something to say to, and how tags become its codes.

The standard (version 3.2.1) is the work of Common Approach to Impact Measurement, licensed CC BY 4.0 and CC BY-SA 4.0.
Only names of its vocabulary stand here, and none of its files is copied. docs/standards.md says which noun of a value
map is which class.
"""

from __future__ import annotations

import re
import uuid
from pathlib import Path

PREFIXES = {
    "cids": "https://ontology.commonapproach.org/cids#",
    "org": "http://ontology.eil.utoronto.ca/tove/organization#",
    "i72": "http://ontology.eil.utoronto.ca/ISO21972/iso21972#",
    "prov": "http://www.w3.org/ns/prov#",
    "sch": "http://schema.org/",
    "oep": "http://www.w3.org/2001/sw/BestPractices/OEP/SimplePartWhole/part.owl#",
    "dcterms": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# Where the same words stood in earlier versions of the standard, and what else files of it use.
KNOWN_SPACES = (
    *(space for prefix, space in PREFIXES.items() if prefix != "xsd"),
    "http://ontology.commonapproach.org/cids#",
    "http://ontology.eil.utoronto.ca/cids/cids#",
    "http://ontology.commonapproach.org/owl/cids_v2.1.owl/cids#",
    "http://ontology.commonapproach.org/tove/organization#",
    "http://ontology.commonapproach.org/ISO21972/iso21972#",
    "https://www.w3.org/Submission/prov-json/schema#",
    "https://schema.org/",
)

# A remote context whose address holds one of these is the standard's own: its words are known here, so that nothing
# need be fetched.
OWN_CONTEXTS = ("ontology.commonapproach.org/", "ontology.eil.utoronto.ca/", "commonapproach/CIDS/")

# Earlier names of the same property.
SAME_AS = {"numerical_value": "hasNumericalValue", "hasUnit": "unit_of_measure"}

# Properties whose value is another thing, not a text; in each the prefix of its home.
LINKS = {
    "cids": (
        "benefitsFrom", "canProduce", "contributes", "definedBy", "forIndicator", "forOrganization", "forOutcome",
        "forStakeholder", "forTarget", "forTheme", "fromPerspectiveOf", "hasActualAmount", "hasBaseline",
        "hasBeneficialStakeholder", "hasCharacteristic", "hasCode", "hasContributingStakeholder", "hasCounterfactual",
        "hasImpactDepth", "hasImpactDuration", "hasImpactModel", "hasImpactReport", "hasImpactScale", "hasIndicator",
        "hasIndicatorReport", "hasInput", "hasOutcome", "hasOutput", "hasPlannedAmount", "hasProgram", "hasStakeholder",
        "hasStakeholderOutcome", "hasTarget", "hasValue", "inputFor", "relatesTo",
    ),
    "i72": ("value", "unit_of_measure"),
    "org": ("forActivity",),
    "oep": ("partOf",),
}  # fmt: skip
_TEXTS = {
    "cids": (
        "hasCatchmentArea", "hasComment", "hasDescription", "hasExpectation", "hasImportance", "hasReportedImpact",
        "intendedImpact", "unitDescription",
    ),
    "org": ("hasIdentifier", "hasLegalName", "hasName"),
    "i72": ("hasNumericalValue", "symbol"),
    "sch": ("codeValue",),
    "dcterms": ("source",),
}  # fmt: skip
LINKING = frozenset(name for names in LINKS.values() for name in names)


def context() -> dict[str, object]:
    """Return the inline @context of a file: each of our keys with its place in the standard, and nothing to fetch."""
    terms: dict[str, object] = dict(PREFIXES)
    for prefix, names in _TEXTS.items():
        terms |= {name: f"{prefix}:{name}" for name in names}
    for prefix, names in LINKS.items():
        terms |= {name: {"@id": f"{prefix}:{name}", "@type": "@id"} for name in names}
    for name in ("startedAtTime", "endedAtTime"):
        terms[name] = {"@id": f"prov:{name}", "@type": "xsd:dateTime"}
    terms["dateCreated"] = {"@id": "sch:dateCreated", "@type": "xsd:dateTime"}
    terms["isUnderserved"] = {"@id": "cids:isUnderserved", "@type": "xsd:boolean"}
    terms["hasSpecification"] = {"@id": "cids:hasSpecification", "@type": "xsd:anyURI"}
    return terms


def begins_as_json_ld(path: Path) -> bool:
    """Say whether a file begins with a keyword of JSON-LD, which no value map of ours does."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            beginning = stream.read(4096)
    except (OSError, ValueError):
        return False
    return re.search(rb'"@(context|graph|id|type)"\s*:', beginning) is not None


# ---- what is said where a value map says nothing ----

NOT_DESCRIBED = "Not described in the value map"
NO_ORGANISATION = "Organisation not named in the value map"
PERIOD_ASSUMED = "The value map does not say when the activity began: the period begins with its price year."
SIZE = "Number of people or organisations"
DEADWEIGHT = "Deadweight: the share of the change that would have happened anyway, in per cent."
COUNT_OF_CHANGES = "How many changed, or how often it happened."
YEARS, HOURS, PER_CENT = f"{PREFIXES['i72']}year", f"{PREFIXES['i72']}hour", f"{PREFIXES['cids']}percentUnit"
IMPORTANCES = ("highImportance", "moderateImportance", "neutral", "unimportant")
UNDERSERVED = "underserved"


# ---- identifiers ----

_SPACE = uuid.UUID("5d0f6c4e-1c57-5b39-9a55-8f0a3c1e7b21")


def iri_of(*words: str) -> str:
    """Return an IRI that the same words always give, for what a value map names without an address.

    >>> iri_of("tag", "health") == iri_of("tag", "health")
    True
    """
    return f"urn:uuid:{uuid.uuid5(_SPACE, chr(10).join(words))}"


def own_id(iri: str) -> str | None:
    """Return the id of a value map's noun from an IRI that this program wrote, None for any other."""
    match = re.fullmatch(r"urn:uuid:[0-9a-f-]{36}#([a-z][a-z0-9_]{0,99})", iri)
    return match[1] if match else None


# ---- tags ----

GOALS = (
    "No poverty", "Zero hunger", "Good health and well-being", "Quality education", "Gender equality",
    "Clean water and sanitation", "Affordable and clean energy", "Decent work and economic growth",
    "Industry, innovation and infrastructure", "Reduced inequalities", "Sustainable cities and communities",
    "Responsible consumption and production", "Climate action", "Life below water", "Life on land",
    "Peace, justice and strong institutions", "Partnerships for the goals",
)  # fmt: skip
_GOAL = re.compile(
    r"(?:(?:un )?sdgs?|(?:un )?sustainable development goal|un goal)[ :#_.-]*(1[0-7]|[1-9])(\.(?:1[0-9]|[1-9a-d]))?",
    re.I,
)
_GOAL_IRI = re.compile(
    r"https?://(?:metadata\.un\.org/sdg/|codelist\.commonapproach\.org/SDGImpacts#SDG)([0-9]+)(\.\w+)?/?"
)
_IRIS = re.compile(r"(?:IRIS\+?[ :]*)?((?:OI|PI|OD|PD|FP)[0-9]{4})", re.I)
_CODE = re.compile(r"[A-Za-z]+[A-Za-z+]*[-:. ]?[0-9][\w.:/-]*")


def goal_of(tag: str) -> tuple[int, str] | None:
    """Return the UN goal that a tag names, with its target if it names one.

    >>> goal_of("sdg:3"), goal_of("UN goal 13"), goal_of("SDG 3.4"), goal_of("goal 3")
    ((3, ''), (13, ''), (3, '.4'), None)
    """
    match = _GOAL.fullmatch(" ".join(tag.split())) or _GOAL_IRI.fullmatch(tag.strip())
    if match is None or not 1 <= int(match[1][:3]) <= len(GOALS):
        return None
    return int(match[1]), (match[2] or "").lower()


def goal_tag(goal: tuple[int, str]) -> str:
    """Return how a tag names a UN goal.

    >>> goal_tag((3, ""))
    'SDG 3'
    """
    return f"SDG {goal[0]}{goal[1]}"


def iris_of(tag: str) -> str | None:
    """Return the code of an IRIS+ metric that a tag names, None if it names none.

    >>> iris_of("IRIS+ OI1234"), iris_of("health")
    ('OI1234', None)
    """
    match = _IRIS.fullmatch(tag)
    return match[1].upper() if match else None


def is_code(tag: str) -> bool:
    """Say whether a tag is a code of some list, and not a word.

    >>> is_code("OI1234"), is_code("health")
    (True, False)
    """
    return _CODE.fullmatch(tag) is not None
