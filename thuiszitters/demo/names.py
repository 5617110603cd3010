"""Invented people: first names and surnames of the backgrounds one meets in a Dutch school. Nobody in particular."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Name:
    """Sam + van den + Berg. `prefix` is the tussenvoegsel, "" when there is none."""

    first: str
    prefix: str
    surname: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.first, self.prefix, self.surname) if part)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _surnames(text: str) -> tuple[tuple[str, str], ...]:
    """Surnames with a comma between them; the prefix is whatever is written in small letters before the capital."""
    found = []
    for full in text.split(","):
        parts = full.split()
        capital = next(index for index, part in enumerate(parts) if not part[0].islower() and part[0] != "'")
        found.append((" ".join(parts[:capital]), " ".join(parts[capital:])))
    return tuple(found)


_DUTCH_FIRST = _words(
    "Emma Julia Mila Tess Sophie Zoë Sara Nora Yara Eva Liv Lotte Evi Noor Saar Lieke Fleur Roos Anna Fenna Isa "
    "Femke Maud"
    " Jasmijn Lynn Vera Esmee Sanne Iris Nina Jet Puck Linde Elin Ilse Marit Floor Merel Noa Hannah Lauren Suze "
    "Tirza Bente"
    " Noah Sem Lucas Daan Levi Finn Luuk Bram Milan James Luca Jesse Mees Sam Thijs Gijs Thomas Max Lars Ruben "
    "Tim Stijn"
    " Jens Teun Guus Hugo Floris Niek Job Koen Jasper Siem Tygo Olivier Pepijn Mats Joep Wessel Jurre Cas Rens "
    "Tijn Boaz"
)
_DUTCH_LAST = _surnames(
    "de Jong,Jansen,de Vries,van den Berg,van Dijk,Bakker,Janssen,Visser,Smit,Meijer,de Boer,Mulder,de Groot,Bos,"
    "Vos,Peters,"
    "Hendriks,van Leeuwen,Dekker,Brouwer,de Wit,Dijkstra,Smits,de Graaf,van der Meer,van der Linden,Kok,Jacobs,de Haan,"
    "Vermeulen,van den Heuvel,van der Veen,van den Broek,de Bruijn,van der Heijden,Schouten,van Beek,Willems,van Vliet,"
    "van de Ven,Hoekstra,Maas,Verhoeven,Koster,van Dam,van der Wal,Prins,Blom,Huisman,Peeters,de Jonge,Kuipers,"
    "van Veen,"
    "Post,Kuiper,Veenstra,Kramer,van den Brink,Scholten,van Wijk,Postma,Martens,Vink,de Ruiter,Timmermans,Groen,"
    "Gerritsen,"
    "Jonker,van Loon,Boer,van der Velde,Willemsen,Smeets,de Lange,de Vos,Bosch,van Dongen,Schipper,de Koning,"
    "van der Laan,"
    "Koning,Driessen,van Doorn,Hermans,Evers,van den Bosch,van der Meulen,Hofman,Bosman,Wolters,Sanders,van der Horst,"
    "Mol,Kuijpers,Molenaar,van de Pol,de Leeuw,Verbeek,van Rijn,te Riele,ter Horst,ten Brinke,in 't Veld,op de Beek,"
    "van 't Hof,den Hartog,den Ouden,Vermeer,Terpstra,Bruinsma,Zijlstra,Rietveld,Noordhoek,van Zanten,Kamphuis"
)

_BACKGROUNDS: tuple[tuple[int, tuple[str, ...], tuple[tuple[str, str], ...]], ...] = (
    (62, _DUTCH_FIRST, _DUTCH_LAST),
    (
        8,
        _words(
            "Yasmina Salma Imane Hajar Aya Nisrine Dounia Chaima Mohamed Ayoub Bilal Ilyas Anas Soufiane Amine "
            "Younes Zakaria"
        ),
        _surnames(
            "Amrani,el Idrissi,Bouzid,Benali,el Khattabi,Ouali,Chaabi,Tahiri,el Mansouri,Azzouzi,Haddou,Belkacem,Ziani"
        ),
    ),
    (
        8,
        _words(
            "Elif Zeynep Defne Azra Ecrin Meryem Esma Nisa Emir Yusuf Efe Kerem Mert Deniz Can Berat Emre Ömer Kaan"
        ),
        _surnames("Yılmaz,Kaya,Demir,Şahin,Çelik,Yıldız,Aydın,Öztürk,Arslan,Doğan,Kılıç,Aslan,Çetin,Koç,Kurt,Özdemir"),
    ),
    (
        6,
        _words(
            "Shanaya Naomi Chelsea Jada Romy Rishi Aarav Anisha Priya Jaden Dylan Xavi Giovanni Tyrone Mireille Kiara"
        ),
        _surnames(
            "Ramdin,Pinas,Doerga,Wijngaarde,Sewpersad,Tjon,Kartosen,Mahabier,Baldew,Zeefuik,Martina,Croes,"
            "Winklaar,Maduro"
        ),
    ),
    (
        5,
        _words(
            "Maja Zofia Oliwia Lena Kinga Jakub Filip Szymon Antoni Kacper Alicja Wiktor Nadia Ivan Sofiya Danylo "
            "Kateryna"
        ),
        _surnames(
            "Nowak,Kowalski,Wójcik,Kamiński,Lewandowski,Zieliński,Szymański,Kozłowski,Bondarenko,Kovalenko,"
            "Melnyk,Ionescu"
        ),
    ),
    (
        5,
        _words("Lilaf Tala Rimas Sidra Omar Khaled Karim Rayan Amir Dana Parwin Zahra Farhad Helin Saman Mariam"),
        _surnames(
            "al Hassan,al Khalil,Haddad,Sabbagh,Rahimi,Noori,Ahmadi,Karimi,Barzani,Darwish,Hamo,Tesfay,Haile,"
            "Abdi,Warsame"
        ),
    ),
    (
        3,
        _words("Mei Lin Jia Anh Linh Minh Bao Kai Hana Yuki Nam Thu"),
        _surnames("Chen,Wong,Liu,Nguyen,Tran,Pham,Li,Zhang,Lam,Cheung"),
    ),
    (
        3,
        _words("Kwame Ama Kofi Abena Efua Yaw Nia Amara Chidi Femi Zuri Issa"),
        _surnames("Mensah,Owusu,Boateng,Asante,Okafor,Adeyemi,Diallo,Sarpong,da Silva,Lopes,Tavares,dos Santos"),
    ),
)
_WEIGHTS = [share for share, _, _ in _BACKGROUNDS]


def invent_name(random: Random) -> Name:
    """A name out of one background; in one of eight cases the surname comes from another, as in real families."""
    _, firsts, surnames = random.choices(_BACKGROUNDS, _WEIGHTS)[0]
    if random.random() < 0.125:
        surnames = random.choices(_BACKGROUNDS, _WEIGHTS)[0][2]
    prefix, surname = random.choice(surnames)
    return Name(random.choice(firsts), prefix, surname)
