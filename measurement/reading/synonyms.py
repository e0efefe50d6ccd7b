"""Words that mean the same, in English and Spanish: only ever used to propose, never to decide.

All entries are folded (lower case, no accents or punctuation). Labels of past federal standards
and of school, health and census files are among them.
"""

from __future__ import annotations

from functools import lru_cache

from measurement.reading.folding import fold

_CONCEPTS: dict[str, str] = {
    "everyone": "all|total|totals|everyone|everybody|all students|all persons|all people"
    "|all groups|all races|all races ethnicities|all ages|all residents|overall|both sexes"
    "|all sexes|all genders|all subgroups|total population|todos|todas|todo|todos los estudiantes"
    "|todas las personas|general|ambos sexos|grand total|state total|statewide|combined",
    "white": "white|whites|white alone|white not hispanic|white non hispanic|non hispanic white"
    "|nh white|white nh|white not of hispanic origin|white caucasian|caucasian|blanco|blanca"
    "|blancos|wh|white not hispanic or latino|white alone not hispanic or latino",
    "black": "black|blacks|black alone|african american|black african american"
    "|black or african american|black or african american alone|black non hispanic"
    "|non hispanic black|nh black|black nh|black not hispanic|black not of hispanic origin"
    "|black or african american not of hispanic origin|black not hispanic or latino"
    "|negro|negra|negros|afroamericano|afroamericana|negro o afroamericano|afrodescendiente|bl",
    "hispanic": "hispanic|hispanics|latino|latina|latinx|latine|hispanic latino|hispanic or latino"
    "|latino or hispanic|hispanic latino of any race|hispanic of any race|hispanic any race"
    "|hispano|hispana|hispanos|hispano o latino|hispanic or latino of any race|hisp|hi",
    "nonhispanic": "nonhispanic|non hispanic|not hispanic|not hispanic or latino|no hispano"
    "|non hispanic or latino|non hispanic latino|no hispanos",
    "asian": "asian|asians|asian alone|asian american|non hispanic asian|asian non hispanic"
    "|nh asian|asian nh|asiatico|asiatica|asiaticos|as|asian not hispanic",
    "asian_pacific": "asian pacific islander|asian or pacific islander|api|aapi"
    "|asian and pacific islander|asian native hawaiian or pacific islander",
    "aian": "aian|ai an|american indian|american indian alaska native"
    "|american indian alaskan native|american indian or alaska native|native american"
    "|american indian and alaska native"
    "|american indian or alaskan native|indigenous|indigena|indio americano|am"
    "|american indian or alaska native alone|indio americano o nativo de alaska",
    "nhpi": "nhpi|native hawaiian|pacific islander|native hawaiian pacific islander|nh pi"
    "|native hawaiian or pacific islander|native hawaiian or other pacific islander|nhopi"
    "|native hawaiian and other pacific islander|hawaiian|islas del pacifico"
    "|native hawaiian other pacific islander|native hawaiian or other pacific islander alone",
    "multi": "multi|multiracial|multiple races|two or more|two or more races|2 or more"
    "|2 or more races|more than one race|mixed|biracial|multirracial|dos o mas razas|tom|mr",
    "other": "other|others|other race|other races|some other race|all other races|otro|otra|otros"
    "|otra raza|all other|non hispanic other|some other race alone",
    "race_unknown": "unknown|race unknown|unknown race|not reported|not specified|missing|refused"
    "|declined|prefer not to say|desconocido|raza desconocida|unreported|not stated|n a|na"
    "|no answer|ethnicity unknown|sexo desconocido|gender unknown",
    "female": "female|females|f|woman|women|girl|girls|mujer|mujeres|femenino|nina|ninas",
    "male": "male|males|m|man|men|boy|boys|hombre|hombres|masculino|nino|ninos",
    "nonbinary": "nonbinary|non binary|x|gender nonbinary|no binario|no binaria|genderqueer",
    "disabled": "students with disabilities|with disabilities|swd|disabled|disability"
    "|special education|iep|con discapacidad|personas con discapacidad|discapacidad",
    "english_learner": "english learners|english learner|el|ell|lep|limited english proficient"
    "|english language learners|multilingual learners|aprendices de ingles",
    "low_income": "economically disadvantaged|econ disadvantaged|low income|free or reduced lunch"
    "|frl|frpl|poor|bajos ingresos|disadvantaged|economicamente desfavorecidos",
}
_BY_WORD: dict[str, str] = {
    word: concept for concept, words in _CONCEPTS.items() for word in words.split("|")
}


@lru_cache(maxsize=8192)
def concept(text: str) -> str:
    """One word for what a label means: its concept where it is known, else the folded label."""
    folded = fold(text)
    bare = folded.removesuffix(" alone").removeprefix("race ")
    return _BY_WORD.get(folded) or _BY_WORD.get(bare) or folded


ROLE_WORDS: dict[str, frozenset[str]] = {
    role: frozenset(words.split())
    for role, words in {
        "place": "locality place county city state division district school region town tract"
        " geography geo area location jurisdiction municipality neighborhood neighbourhood zip"
        " site community localidad lugar condado ciudad estado distrito escuela municipio barrio"
        " region zona",
        "period": "year years period date time month quarter term semester cohort fy sy ano anio"
        " periodo fecha mes trimestre curso",
        "group": "group subgroup race ethnicity ethnic racial gender sex age demographic"
        " demographics stratum population_group student_group category subpopulation disability"
        " grupo subgrupo raza etnia etnicidad genero sexo edad categoria",
        "numerator": "number count numerator deaths cases events passed pass n num births_low"
        " enrolled graduates arrests suspensions numerador numero cantidad casos muertes"
        " defunciones aprobados conteo homeless frequency value total",
        "denominator": "denominator population pop births cohort cohortsize base tested eligible"
        " enrollment universe denominador poblacion nacimientos matricula size totalcount"
        " respondents total",
        "rate": "rate percent percentage pct ratio share prevalence proportion per perc tasa"
        " porcentaje proporcion razon",
        "sample_size": "sample respondents unweighted muestra",
        "weight": "weight weights weighted wt peso pesos ponderado ponderacion",
        "grade": "grade evidence quality method basis grado evidencia calidad metodo",
        "outcome": "outcome result enrolled graduated passed status resultado graduado completed",
    }.items()
}
YES_WORDS = frozenset(
    (
        "yes",
        "y",
        "true",
        "t",
        "1",
        "si",
        "s",
        "pass",
        "passed",
        "graduated",
        "enrolled",
        "completed",
    )
)
NO_WORDS = frozenset(["no", "n", "false", "f", "0", "fail", "failed", "not", "dropout"])
