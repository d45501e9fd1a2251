"""What a heading in a stranger's table stands for: the words that people use, and the field of a value map they mean.

A heading is compared without case, line breaks and punctuation. Some words settle their field ("Deadweight"); others
("Value", "Description", "Source", "Number") are settled by the group heading above or by the neighbours to the left.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Fields whose cells hold numbers; every other field holds words.
SHARES = ("deadweight", "displacement", "attribution", "drop_off")
NUMBERS = ("quantity", "proxy_value", "duration", "input_value", "size", *SHARES)
FAMILIES = {
    "stakeholder": "stakeholder", "size": "stakeholder", "direction": "stakeholder",
    "input": "input", "input_value": "input", "input_hours": "input", "output": "output", "output_quantity": "output",
    "outcome": "outcome", "indicator": "indicator", "quantity": "quantity", "amount_of_change": "quantity",
    "duration": "duration", "starts": "duration",
    "proxy": "proxy", "proxy_value": "proxy", "proxy_source": "proxy", "proxy_price_year": "proxy", "unit": "proxy",
    "deadweight": "deadweight", "displacement": "displacement", "attribution": "attribution", "drop_off": "drop_off",
}  # fmt: skip

_EACH = r"(per|each|a|one)"
_PEOPLE = (
    r"(people|persons?|participants?|beneficiar\w+|clients?|individuals?|users?|service users|adults|children|"
    r"young people|residents|members|households|families|cases|stakeholders?|learners|pupils|students|volunteers|"
    r"carers|patients|units|incidents|events|times|women|men)"
)
# (field, how sure, pattern). A pattern is met at the beginning of a heading, so that a question that follows
# ("Deadweight: what would have happened without the activity?") does not count.
_WORDS: tuple[tuple[str, int, str], ...] = (
    (
        "deadweight", 9,
        r"dead ?weight|d ?w\b|dead wt|would have happened|what would have happened|happened anyway|would happen|"
        r"what would happen|counter ?factual|baseline change|% anyway",
    ),
    (
        "deadweight_kept", 9,
        r"additionality|additional share|% additional|net additional|share additional",
    ),
    (
        "displacement", 9,
        r"displacement|displaced|displ\b|disp\b|substitution|what (activity )?(did you|was) displace",
    ),
    (
        "drop_off", 9,
        r"(annual |yearly )?drop ?off|drop\b|d/?o( %)?$|decay|fade|"
        r"(annual |yearly )?(reduction|decline)( rate)? (each|per|a) year|attrition( rate)?|benefit decline|"
        r"diminish",
    ),
    (
        "drop_off_kept", 9,
        r"(share|%) (kept|retained) (each|per) year|retention( rate)?|persistence",
    ),
    (
        "attribution", 9,
        r"attribution|attrib\b|attr?\b|attributable|attributed|who else|% (to|from|by|due to) others?|"
        r"others? share|(share|contribution) (of|by|from|owed to) others?|owed to others|credit to others|"
        r"due to others|caused by others|share claimed|claimed|our (share|contribution|part)|"
        r"(share|%) (due to|caused by|attributable|of (the )?change)|due to (us|the|our|this)|"
        r"contribution (%|share|of others|from others|by others)|contribution of (us|the project)|% contribution|"
        r"how much .*(due to|down to|because of) ",
    ),
    (
        "duration", 9,
        r"duration|benefit (period|duration|years|length)|years of (benefit|impact|change)|"
        r"(benefit|impact|outcome|effect) lasts|lasts|lasting|how long|length of (benefit|time|impact|effect)|"
        r"time ?(span|horizon|period)|(no|number|nr) of (years|months)|years( of effect)?$|yrs$|months$|"
        r"benefit period|persists for|life ?span",
    ),
    (
        "starts", 9,
        r"outcomes? starts?|starts?( in| at)?\b|start (year|period)|"
        r"when (does|do) (it|the outcome|outcomes?) (start|begin)|begins|first year of (benefit|effect)",
    ),
    (
        "proxy_price_year", 9,
        r"price (year|base)|year of (the )?(price|value|proxy|source)|(proxy|value) year|base year|"
        r"prices?( of)? year",
    ),
    (
        "proxy_source", 8,
        r"(financial )?proxy (source|reference|ref|evidence)|"
        r"source (of|for) (the )?(financial )?(proxy|value|valuation)|value source|valuation source",
    ),
    (
        "indicator_source", 8,
        r"indicator source|source of (the )?(indicator|data|information|evidence)|data source|"
        r"(source|method) of (collection|measurement)",
    ),
    (
        "present_value", 8,
        r"(total )?(discounted value|present value|pv\b)|net present value|npv\b|discounted",
    ),
    (
        "impact", 8,
        r"(net |total |annual |calculated |gross )?impact( calculation| value| per year| £| \$| €|$|\b)|"
        r"net (value|benefit|social value|outcome|annual)|adjusted value|(net|total) social value|"
        r"value after deductions|social value (created|generated|£|total)|after deductions|total net",
    ),
    (
        "gross", 8,
        r"(gross|total) (value|benefit|outcome|annual|financial|worth|amount)|quantity x|value before|number x|"
        r"(qty|no) x|sub ?total|total$|total £|value x",
    ),
    (
        "proxy_value", 8,
        r"(financial )?(proxy|unit) (value|cost|price|amount|£|\$|€|rate)|"
        r"(financial |monetary |money |unit |social |proxy )(value|worth)|"
        r"(value|worth|cost|price|£|\$|€|amount|saving|rate) (/|EACH) ?(unit|PEOPLE|head|outcome|change|capita|"
        r"instance|case|participant|one)|value in (currency|pounds|euros?|dollars|£|gbp|eur|usd|money)|"
        r"value of (the )?(change|outcome|proxy|unit|one|each)|£ (per|each|/)|\$ per|€ per|price|unit price|"
        r"unit cost|worth|valuation \(?£|proxy \(?[£$€]|proxy \(?(gbp|eur|usd)",
    ),
    (
        "quantity", 8,
        r"quantity|qty|(no|number|nr|num|amount|count|total number|total no|#)\.? ?(of )?PEOPLE|how many|"
        r"how much change|headcount|head count|"
        r"(no|number|nr)\.? (of )?(achieving|experiencing|reporting|changed|who)|"
        r"PEOPLE (achieving|experiencing|affected|changed|reporting|who|with|benefiting)|"
        r"(no|number|nr|count|units|n|volume|incidence|scale|#|frequency|people|participants|beneficiaries \(no|"
        r"qty)$|people \(?(no|number|n)\b|numbers?$|occurrences",
    ),
    (
        "amount_of_change", 8,
        r"amount of change|distance travelled|depth( of change)?|how far|extent of change|degree of change|"
        r"magnitude",
    ),
    (
        "size", 8,
        r"(stakeholder |group |population )(size|number|no)|"
        r"(number|no|nr|size) (in|of) (the )?(stakeholder )?group|population|how many (are )?in|group total|"
        r"stakeholder numbers|number of stakeholders in",
    ),
    (
        "direction", 8,
        r"intended|unintended",
    ),
    (
        "input_value", 8,
        r"(value|cost|amount|£|\$|€) of (the )?(inputs?|investment)|inputs? (value|cost|amount|\(?[£$€]|total)|"
        r"investment( value| \(?[£$€]| amount|$)|"
        r"(total )?(cost|budget|spend|spending|expenditure|funding)( \(?[£$€]| amount|$)|"
        r"financial (input|contribution|investment)|invested",
    ),
    (
        "input", 7,
        r"inputs?( description| type|$|\b)|"
        r"what (do|did|does) (they|it|stakeholders?) (invest|contribute|put|give)|resources?|contribution$|"
        r"contributions$|investment description|what (was|is) put in",
    ),
    (
        "output_quantity", 8,
        r"(number|quantity|no|nr) of outputs?|outputs? (quantity|number|no)",
    ),
    (
        "output", 7,
        r"outputs?|activity in numbers|summary of activity|activities?",
    ),
    (
        "indicator", 8,
        r"(outcome )?indicators?|measures?\b|"
        r"how (would you |do you |did you |is it |it is |was it |will you |we )?(measure|know|tell|measured)|"
        r"measurement|evidence of (the )?(change|outcome)|metric|kpi",
    ),
    (
        "proxy", 7,
        r"(financial |value |valuation |monetary )?prox(y|ies)|valuation (approach|method|basis)|"
        r"basis of (value|valuation)|what (proxy|would you use)|valued (by|as|through|using)",
    ),
    (
        "stakeholder", 7,
        r"(key |main )?stakeholders?( group| name|s|$|\b)|"
        r"who (do we|does|did|changes|changed|benefits|is affected|has|are|experiences)|who$|"
        r"beneficiar(y|ies)( group|$)|(target|client|user|customer|participant) group|group$|for whom|"
        r"affected (party|group|parties)|audience|people affected",
    ),
    (
        "outcome", 7,
        r"(the |key |main |social |positive |intended |final )?outcomes?( description| name| statement|s|$|\b)|"
        r"what (has )?(changed|changes|will change|is the change)|(the )?changes?( experienced| described| for|$)|"
        r"(intended|description of|type of) ?/?(unintended )?changes?|"
        r"description of (the )?(outcome|change|benefit)|(social )?benefits?( description|$)|results?$|"
        r"difference made|impact area|outcome area",
    ),
    (
        "unit", 6,
        r"units?( of (measure|measurement|value|change))?$|per what",
    ),
    (
        "notes", 5,
        r"notes?|comments?|remarks?|rationale|justification|reason|assumptions?|explanation|why",
    ),
)  # fmt: skip
_GENERIC: tuple[tuple[str, str], ...] = (
    (
        "source",
        r"sources?|where did you get|reference|evidence|information source|where from",
    ),
    (
        "description",
        r"descriptions?|details?|what|name|title|item|text|narrative",
    ),
    (
        "value",
        r"(total )?(value|amount|cost|£|\$|€|gbp|eur|usd|aud|pounds|euros?|dollars|sum|money)( ?\(?[£$€]\)?|"
        r" in \w+| \(?(gbp|eur|usd|aud|nzd|cad)\)?|$)",
    ),
    (
        "number",
        r"(numbers?|no|nr|#|quantity|how many|amount)$",
    ),
)  # fmt: skip
_YEAR = re.compile(
    r"(?:(?:in |end of |impact |value )?(?:year|yr|y|jahr)\s*\.?\s*(\d{1,2})\b|"
    r"((?:19|20)\d\d)(?:\s*[/\-]\s*(?:\d\d){1,2})?$)"
)
_REASONS = re.compile(
    r"\b(rationale|justification|reason(ing)?|evidence|source|notes?|comments?|assumption|explanation|explain|why|ref)\b"
)

# Met anywhere in a heading that begins with none of the words above ("Estimate of what would happen anyway").
_ANYWHERE = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        (
            "deadweight",
            r"\bdeadweight\b|happen(ed|s)? anyway|without (us|our|the (project|activity|programme|service|club))",
        ),
        ("displacement", r"\bdisplac(e|ed|ement)\b"),
        (
            "attribution",
            r"\battribut\w+|\b(caused|contributed|brought about) by\b|\b(due|down|thanks) to (us|our|others?|the)\b",
        ),
        ("drop_off", r"\bdrop ?off\b|\bfades?\b"),
        ("duration", r"\bhow (long|many years)\b|\blasts?\b"),
        ("quantity", r"\bhow many\b|\b(number|no) of (people|participants|beneficiaries|clients|persons)\b"),
        ("outcome", r"\boutcomes?\b"),
        ("stakeholder", r"\bstakeholders?\b"),
    )
)
# Such a heading is of a figure worked out from others.
_WORKED_OUT = re.compile(
    r"\b(after|less|net|minus|adjusted|total|value|x|times|sum|per|before|source|rationale|notes?)\b"
)


def _spelt(pattern: str) -> str:
    """Return a pattern with EACH and PEOPLE written out."""
    return pattern.replace("EACH", _EACH).replace("PEOPLE", _PEOPLE)


_COMPILED = [(field, sure, re.compile(f"(?:{_spelt(pattern)})")) for field, sure, pattern in _WORDS]
_COMPILED_GENERIC = [(field, re.compile(rf"(?:{pattern})")) for field, pattern in _GENERIC]
_MONTHLY = re.compile(
    r"\b(?:per|a|each|every)\s+(month|week|day|hour|quarter)\b|\b(month|week|dai|quarter)ly\b|/\s?(month|week|day|hour|quarter)\b|\b(pcm|pw|p/w|p/m)\b"
)


def plain(text: object) -> str:
    """Return a heading without case, line breaks and punctuation, its hyphenations closed.

    >>> plain(" Dead-\\nweight (%) ")
    'deadweight %'
    """
    words = unicodedata.normalize("NFKC", str(text)).lower().replace("\u00ad", "")
    words = re.sub(r"(?<=\w)[-‐]\s*\n\s*(?=\w)", "", words)  # hyphenated at the end of a line
    words = re.sub(r"\bdead[\s\-–]+weight", "deadweight", words)
    words = re.sub(r"[-‐‑–—_]+", " ", words)
    words = re.sub(r"[^\w%£$€#&/ ]+", " ", words)
    return " ".join(words.split())


@dataclass(frozen=True)
class Meaning:
    """What a heading may stand for: a field, and how sure that is."""

    field: str
    sure: float


@lru_cache(maxsize=20_000)
def meanings(text: str) -> tuple[Meaning, ...]:
    """Return what a plain heading may stand for, the surest first; generic words stand as `any_value` and the like."""
    if not text or len(text) > 300:
        return ()
    year = _YEAR.match(text)
    if year and len(text) < 40 and not re.match(r"years? of|yr of", text):
        return (Meaning(f"year_{year[1]}" if year[1] else f"year_{year[2]}", 8.0),)
    text_of_share = re.sub(r"^(the |an? |%( of)? |stage \d+ |\d+ |step \d+ )+(?=[a-z])", "", text)
    found: list[Meaning] = []
    for start, candidate in ((0.0, text), (-0.5, text_of_share)):
        for field, sure, pattern in _COMPILED:
            match = pattern.match(candidate)
            if match:
                exact = 0.9 if match.end() >= len(candidate.rstrip(" %")) else 0.0
                longer = min(match.end(), 30) / 100
                found.append(Meaning(field, sure + exact + longer + start))
        for field, pattern in _COMPILED_GENERIC:
            if pattern.match(candidate):
                found.append(Meaning(f"any_{field}", 6.0 + start))
        if candidate == text_of_share and text == text_of_share:
            break
    if not found and len(text) < 90 and not _WORKED_OUT.search(text):
        found = [Meaning(field, 5.5) for field, pattern in _ANYWHERE if pattern.search(text)]
    best: dict[str, float] = {}
    for meaning in found:
        best[meaning.field] = max(best.get(meaning.field, 0.0), meaning.sure)
    ranked = sorted((Meaning(field, sure) for field, sure in best.items()), key=lambda each: -each.sure)
    return tuple(_reasons(text, ranked))


def _reasons(text: str, ranked: list[Meaning]) -> list[Meaning]:
    """Turn "Deadweight rationale" into words about the deadweight, so that it is not taken for the number."""
    about = next((each for each in ranked if each.field in FAMILIES), None)
    told = _REASONS.search(text)
    if about is None or told is None or told.start() == 0 or len(text) > 60:
        return ranked
    if about.field in SHARES or about.field in ("quantity", "duration"):
        return [Meaning(f"{about.field}_note", about.sure + 1.0), *ranked]
    return ranked


def direction_of(text: str) -> str | None:
    """Say which way a plain attribution heading runs: owed, claimed, plain (it does not say), None (it is unclear).

    >>> [direction_of(each) for each in ("attribution %", "who else contributed", "our share", "share attributable")]
    ['plain', 'owed', 'claimed', None]
    """
    owed = re.search(
        r"\b(others?|else|owed|elsewhere|external|partners?|outside|somebody|other organisations?)\b", text
    )
    claimed = re.search(
        r"\b(claimed|claim|ours?|us|we|ourselves|own|kept|retained|"
        r"(due|attributable|attributed|down|thanks|credited) to (the |this |our |your )?(project|programme|program|"
        r"activity|service|intervention|organisation|organization|scheme|charity|you|work)|"
        r"(caused|created|contributed|made) by (the |this |our )?(project|programme|program|activity|service|"
        r"intervention|"
        r"organisation|organization|scheme|charity|you))\b",
        text,
    )
    if owed and claimed:
        return None
    if owed or claimed:
        return "owed" if owed else "claimed"
    bare = re.sub(r"[^a-z ]", " ", re.sub(r"\b(stage|step) \d+\b", " ", text)).split()
    if set(bare) <= {"attribution", "attrib", "attr", "att", "the", "less", "minus", "deduction", "for", "rate",
                     "percentage",                      "percent", "impact", "deductions", "establishing"}:  # fmt: skip
        return "plain"
    return None


def paid_by(text: str) -> str | None:
    """Return the length of time that a heading or a description counts in, if it is not a year: month, week, ..

    >>> paid_by("Rent saved per month"), paid_by("One visit")
    ('month', None)
    """
    match = _MONTHLY.search(" ".join(text.lower().split()))
    if not match:
        return None
    word = next(each for each in match.groups() if each)
    return {"dai": "day", "pcm": "month", "p/m": "month", "pw": "week", "p/w": "week"}.get(word, word)
