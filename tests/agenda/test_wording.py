"""A goal about a gap is refused, in English and Spanish; one for everyone passes."""

from __future__ import annotations

import pytest

from agenda.wording import gap_words, reword

ABOUT_A_GAP = [
    "Reduce the gap",
    "REDUCE THE GAP!",
    "close the achievement gap by 50%",
    "Closing the gap in third grade reading between Black and white children by 2030",
    "Close, once and for all, the opportunity gap",
    "Reduce the Black–white gap in homeownership",
    "A smaller gap",
    "Halve the gap",
    "The racial wealth gap is cut in half by 2040",
    "The gap between rich and poor narrows",
    "Narrow disparities in infant mortality",
    "Disparities in low birth weight fall by half",
    "Eliminate racial disparities in school suspension",
    "reduce inequities in birth outcomes",
    "End inequality in housing",
    "fewer differences between groups",
    "No differences between Black and white mothers",
    "Black children catch up with white children",
    "Our work is gap-closing: reading gap closing in all schools",
    "re\u00adduce the g\u200bap",
    "cerrar la brecha",
    "Cerramos la brecha de lectura entre grupos en un 50%",
    "La brecha de ingresos se cierra antes de 2035",
    "Se reduce la brecha en el acceso al cuidado prenatal",
    "Reducir las desigualdades en la mortalidad infantil para 2030",
    "Disminución de la desigualdad",
    "Eliminación de las disparidades de salud",
    "menos diferencias entre los grupos",
    "sin brechas entre barrios",
]
FOR_EVERYONE = [
    "Every child reads by grade 3",
    "Every mother has care from the start of pregnancy",
    "Every family lives close to a clinic",
    "No child falls through the gaps between services",
    "95 percent of babies are born healthy by the end of 2030",
    "Every young person who wants a gap year can pay for it",
    "Every family keeps its health cover without a gap",
    "Every worker earns a living wage by 2030",
    "Lower blood pressure for every adult",
    "Reduce infant deaths to none in every group",
    "Cut the wait for a first visit to one week, everywhere",
    "Every school teaches what differences people bring",
    "Todos los niños leen al terminar tercer grado",
    "Toda madre tiene atención desde el comienzo del embarazo",
    "Cada familia tiene un hogar seguro, sin importar la diferencia de ingresos",
    "Menos muertes de bebés en todos los grupos",
    "Reducir a la mitad el tiempo de espera para todas las madres",
    "",
]


@pytest.mark.parametrize("text", ABOUT_A_GAP)
def test_a_goal_about_a_gap_is_found(text):
    assert gap_words(text) != ""


@pytest.mark.parametrize("text", FOR_EVERYONE)
def test_a_goal_for_everyone_passes(text):
    assert gap_words(text) == ""


@pytest.mark.parametrize("text", ABOUT_A_GAP)
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_offered_instead_is_no_goal_about_a_gap(text, language):
    assert gap_words(reword(text, language, "95 percent")) == ""


@pytest.mark.parametrize(
    ("text", "language", "share", "offered"),
    [
        (
            "Close the gap in third grade reading between Black and white children by 2030",
            "en",
            "",
            "In third grade reading, every group reaches the goal we set for everyone, by 2030.",
        ),
        (
            "close the achievement gap by 50%",
            "en",
            "95 percent",
            "In achievement, every group reaches the goal we set for everyone: 95 percent.",
        ),
        (
            "Disparities in low birth weight fall by half",
            "en",
            "",
            "In low birth weight, every group reaches the goal we set for everyone.",
        ),
        (
            "Reducir las desigualdades en la mortalidad infantil para 2030",
            "es",
            "",
            "En mortalidad infantil, todos los grupos alcanzan la meta que fijamos para todas las "
            "personas, para 2030.",
        ),
        (
            "La brecha de ingresos se cierra antes de 2035",
            "es",
            "90 por ciento",
            "En ingresos, todos los grupos alcanzan la meta que fijamos para todas las personas: "
            "90 por ciento, antes de 2035.",
        ),
        (
            "fewer differences between groups",
            "en",
            "",
            "Every group reaches the goal we set for everyone.",
        ),
    ],
)
def test_what_is_offered_keeps_topic_and_target(text, language, share, offered):
    assert reword(text, language, share) == offered
