#include "core/augment/drawing.h"
#include "core/augment/op.h"

#include <cmath>

namespace graft::augment {

namespace {

constexpr double daylight = 1e6 / 6500.0; ///< mired (a million over kelvin)

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {symmetric(draws, settings[0])};
}

/// Red and blue of a glowing body's light over its green, linear sRGB (chromaticity: B. Kang and others,
/// "Design of advanced color temperature control system for HDTV applications", 2002; 1667 K to 25000 K).
std::array<double, 2> overGreen(double kelvin)
{
    const double a = 1e3 / kelvin;
    const double x = kelvin < 4000.0 ? ((-0.2661239 * a - 0.2343589) * a + 0.8776956) * a + 0.179910
                                     : ((-3.0258469 * a + 2.1070379) * a + 0.2226347) * a + 0.240390;
    const double y = kelvin < 2222.0 ? ((-1.1063814 * x - 1.34811020) * x + 2.18555832) * x - 0.20219683
        : kelvin < 4000.0            ? ((-0.9549476 * x - 1.37418593) * x + 2.09137015) * x - 0.16748867
                                     : ((3.0817580 * x - 5.87338670) * x + 3.75112997) * x - 0.37001483;
    const double bigX = x / y;
    const double bigZ = (1 - x - y) / y;
    const double red = 3.2406 * bigX - 1.5372 - 0.4986 * bigZ;
    const double green = -0.9689 * bigX + 1.8758 + 0.0415 * bigZ;
    const double blue = 0.0557 * bigX - 0.2040 + 1.0570 * bigZ;
    return {red / green, blue / green};
}

/// sRGB to light and back (IEC 61966-2-1), 0..1.
double toLight(double value)
{
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double fromLight(double light)
{
    return light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1.0 / 2.4) - 0.055;
}

void multiplyLight(std::array<std::uint8_t, 256>& table, double gain)
{
    for (std::size_t v = 0; v < table.size(); ++v)
        table[v] = Tables::toByte(255.0 * fromLight(gain * toLight(static_cast<double>(v) / 255.0)));
}

/// As if daylight of 6500 K had been warmer (positive) or cooler by so many mired: red and blue light are
/// multiplied, green stays (S. Zini and others, "Planckian jitter", 2023; albumentations' PlanckianJitter).
void tabulate(const Drawn& drawn, const Statistics&, Tables& tables)
{
    if (drawn[0] == 0.0)
        return;
    const auto before = overGreen(1e6 / daylight);
    const auto after = overGreen(1e6 / (daylight + drawn[0]));
    multiplyLight(tables.of[0], after[0] / before[0]);
    multiplyLight(tables.of[2], after[1] / before[1]);
}

} // namespace

OpSpec temperature()
{
    return {
        .id = "temperature",
        .title = "Colour temperature",
        .sentence = "The light is that of a lamp, of noon or of a cloudy day.",
        .labelHint = "Where colour tells the classes apart, as on traffic lights or ripe and unripe fruit, "
                     "it does so less.",
        .group = Group::Colour,
        .parameters = {limit("mired", 110.0, 40.0)},
        .texts = {{"", " mired", 1.0, 0}},
        .draw = draw,
        .effect = &tabulate,
    };
}

} // namespace graft::augment
