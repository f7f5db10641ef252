#include "tests/augment/pictures.h"

#include <QtTest>

#include <functional>
#include <numbers>

using namespace graft;
using namespace graft::augment;
using graft::tests::applied;
using graft::tests::at;
using graft::tests::difference;
using graft::tests::filled;
using graft::tests::photo;

namespace {

struct Place2 {
    double x;
    double y;
};

/// From a pixel of the result to a place in the picture, both in pixels from the picture's middle.
using Formula = std::function<Place2(double x, double y)>;

int mirroredAt(int i, int size)
{
    while (i < 0 || i >= size)
        i = i < 0 ? -i : 2 * (size - 1) - i;
    return i;
}

/// A value of the picture, or of what its border says where there is none.
double valueAt(const Image& image, const Border& border, int x, int y, int channel)
{
    const bool outside = x < 0 || y < 0 || x >= image.width || y >= image.height;
    if (outside && border.mode == Border::Mode::Colour)
        return border.colour[static_cast<std::size_t>(channel)];
    if (border.mode == Border::Mode::Mirror)
        return at(image, mirroredAt(x, image.width), mirroredAt(y, image.height), channel);
    return at(image, std::clamp(x, 0, image.width - 1), std::clamp(y, 0, image.height - 1), channel);
}

/// The definition, in doubles, pixel by pixel.
Image byFormula(const Image& image, const Formula& from, const Border& border = {})
{
    Image out {image.width, image.height, {}};
    const double middleX = (image.width - 1) / 2.0;
    const double middleY = (image.height - 1) / 2.0;
    for (int row = 0; row < image.height; ++row) {
        for (int column = 0; column < image.width; ++column) {
            const auto place = from(column - middleX, row - middleY);
            const double x = place.x + middleX;
            const double y = place.y + middleY;
            const int left = static_cast<int>(std::floor(x));
            const int top = static_cast<int>(std::floor(y));
            for (int c = 0; c < 3; ++c) {
                double value = 0.0;
                for (const int dx : {0, 1})
                    for (const int dy : {0, 1})
                        value += (dx != 0 ? x - left : 1 - x + left) * (dy != 0 ? y - top : 1 - y + top)
                            * valueAt(image, border, left + dx, top + dy, c);
                out.rgb.push_back(static_cast<std::uint8_t>(std::lround(value)));
            }
        }
    }
    return out;
}

double radians(double degrees)
{
    return degrees * std::numbers::pi / 180.0;
}

Image together(const Image& image, const std::vector<DrawnStep>& steps)
{
    Image out {image.width, image.height, {}};
    out.rgb.resize(image.rgb.size());
    applySteps(image, steps, {}, {image.width, image.height}, out.rgb);
    return out;
}

DrawnStep step(std::string_view op, const Drawn& drawn)
{
    return {0, findOp(op), drawn};
}

/// A picture whose value is its column, so that a value tells where it came from.
Image ramp(int width, int height)
{
    Image image {width, height, {}};
    for (int i = 0; i < width * height * 3; ++i)
        image.rgb.push_back(static_cast<std::uint8_t>(i / 3 % width));
    return image;
}

} // namespace

class TestGeometry : public QObject
{
    Q_OBJECT

private slots:
    void flipsAndQuarterTurnsAreExact();
    void formulas_data();
    void formulas();
    void perspectiveTakesCornersToTheirPlaces();
    void oneWarpForSeveral();
    void turningBackIsExact();
    void aCropSeesWhatLiesAround();
    void noBorderIsSeenWhereItIsMirroredOrRepeated_data();
    void noBorderIsSeenWhereItIsMirroredOrRepeated();
    void aColourFillsTheCorners();
    void everyBorderFollowsItsFormula_data();
    void everyBorderFollowsItsFormula();
    void shrinkingAverages();
    void elasticMovesAsFarAsItSays();
    void gridKeepsTheOrderOfColumns();
};

void TestGeometry::flipsAndQuarterTurnsAreExact()
{
    for (const auto& image : {photo(31, 31), photo(64, 64), photo(64, 40)}) {
        const int width = image.width;
        const int height = image.height;
        const Image across = applied("flip_horizontal", {}, image);
        const Image down = applied("flip_vertical", {}, image);
        const Image half = applied("quarter_turns", {2}, image);
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                QCOMPARE(at(across, x, y), at(image, width - 1 - x, y));
                QCOMPARE(at(down, x, y), at(image, x, height - 1 - y));
                QCOMPARE(at(half, x, y), at(image, width - 1 - x, height - 1 - y));
            }
        }
        if (width != height)
            continue;
        const Image left = applied("quarter_turns", {1}, image);
        const Image right = applied("quarter_turns", {3}, image);
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                QCOMPARE(at(left, x, y), at(image, width - 1 - y, x)); // numpy.rot90
                QCOMPARE(at(right, x, y), at(image, y, height - 1 - x));
            }
        }
    }
}

void TestGeometry::formulas_data()
{
    QTest::addColumn<Drawn>("drawn");
    QTest::addColumn<Formula>("formula");
    const double c = std::cos(radians(30));
    const double s = std::sin(radians(30));
    // Pictures of 90 x 70.
    QTest::newRow("rotate") << Drawn {30} << Formula([=](double x, double y) {
        return Place2 {c * x - s * y, s * x + c * y};
    });
    QTest::newRow("shift") << Drawn {0.13, -0.21} << Formula([](double x, double y) {
        return Place2 {x - 0.13 * 90, y + 0.21 * 70};
    });
    QTest::newRow("zoom") << Drawn {1.3} << Formula([](double x, double y) {
        return Place2 {x / 1.3, y / 1.3};
    });
    QTest::newRow("shear") << Drawn {20, 10} << Formula([](double x, double y) {
        const double a = std::tan(radians(20));
        const double b = std::tan(radians(10));
        return Place2 {(x - a * y) / (1 - a * b), (y - b * x) / (1 - a * b)};
    });
    // 64 % of the area, not stretched, from the upper left corner.
    QTest::newRow("random_resized_crop") << Drawn {0.64, 1.0, 0.0, 0.0} << Formula([](double x, double y) {
        return Place2 {0.8 * (x + 45) - 45, 0.8 * (y + 35) - 35};
    });
    QTest::newRow("lens_distortion") << Drawn {0.2} << Formula([](double x, double y) {
        const double scale = 1 + 0.2 * (x * x + y * y) / (45.0 * 45.0 + 35.0 * 35.0);
        return Place2 {x * scale, y * scale};
    });
}

void TestGeometry::formulas()
{
    QFETCH(Drawn, drawn);
    QFETCH(Formula, formula);
    const Image image = photo(90, 70);
    const Image got = applied(QTest::currentDataTag(), drawn, image);
    const auto [largest, mean] = difference(got.rgb, byFormula(image, formula).rgb);
    // What is no homography is linear between every fourth pixel.
    QVERIFY2(largest <= (QByteArray(QTest::currentDataTag()) == "lens_distortion" ? 3 : 1) && mean < 0.1,
             qPrintable(QStringLiteral("%1, %2 on average").arg(largest).arg(mean)));
}

void TestGeometry::perspectiveTakesCornersToTheirPlaces()
{
    // Black but for a white spot at each corner: they must be found where the draw takes them.
    constexpr int side = 201;
    Image image = filled(side, side, {0, 0, 0});
    for (const int x : {0, side - 1})
        for (const int y : {0, side - 1})
            for (int dy = -4; dy <= 4; ++dy)
                for (int dx = -4; dx <= 4; ++dx)
                    if (x + dx >= 0 && x + dx < side && y + dy >= 0 && y + dy < side)
                        image.rgb[static_cast<std::size_t>(((y + dy) * side + x + dx) * 3)] = 255;
    const Image got = applied("perspective", {0.4, 0.2, 0.1, 0.3, 0.3, 0.3, 0.2, 0.5}, image);
    const std::array<std::array<double, 2>, 4> expected {
        {{0.4, 0.2}, {2 - 0.1, 0.3}, {2 - 0.3, 2 - 0.3}, {0.2, 2 - 0.5}}};
    for (const auto& [x, y] : expected)
        QVERIFY(at(got, static_cast<int>(std::lround(x * 100)), static_cast<int>(std::lround(y * 100)))
                > 200);
    QVERIFY(at(got, 100, 100) < 10);
}

void TestGeometry::oneWarpForSeveral()
{
    const Image image = photo(80, 80);
    const double c = std::cos(radians(20));
    const double s = std::sin(radians(20));
    // First turned, then enlarged, then mirrored; the last comes first on the way back.
    const auto from = [=](double x, double y) {
        const double u = -x / 1.25;
        const double v = y / 1.25;
        return Place2 {c * u - s * v, s * u + c * v};
    };
    const Image got =
        together(image, {step("rotate", {20}), step("zoom", {1.25}), step("flip_horizontal", {})});
    QVERIFY(difference(got.rgb, byFormula(image, from).rgb).largest <= 1);
    const Image stepwise =
        applied("flip_horizontal", {}, applied("zoom", {1.25}, applied("rotate", {20}, image)));
    QVERIFY2(difference(stepwise.rgb, byFormula(image, from).rgb).mean
                 > difference(got.rgb, byFormula(image, from).rgb).mean,
             "one resampling is sharper than two");
}

void TestGeometry::turningBackIsExact()
{
    const Image image = photo(75, 75);
    QVERIFY(together(image, {step("rotate", {33}), step("rotate", {-33})}) == image);
    QVERIFY(together(image, {step("zoom", {1.4}), step("zoom", {1 / 1.4})}) == image);
    QVERIFY(together(image, std::vector<DrawnStep>(4, step("quarter_turns", {1}))) == image);
    const Image wide = photo(75, 41);
    QVERIFY(together(wide, std::vector<DrawnStep>(2, step("flip_horizontal", {}))) == wide);
}

void TestGeometry::aCropSeesWhatLiesAround()
{
    const Image source = photo(100, 90);
    Image out {60, 60, {}};
    out.rgb.resize(std::size_t {60} * 60 * 3);
    const auto apply = [&](const std::vector<DrawnStep>& steps) {
        applySteps(source, steps, {Border::Mode::Colour, {1, 2, 3}}, {60, 60}, out.rgb);
    };
    apply({});
    QCOMPARE(at(out, 0, 0), at(source, 20, 15));
    QCOMPARE(at(out, 59, 59), at(source, 79, 74));
    apply({step("shift", {0.25, -0.25})}); // by 15 pixels, right and up
    QCOMPARE(at(out, 0, 0), at(source, 5, 30));
    QCOMPARE(at(out, 59, 59), at(source, 64, 89));
    apply({step("shift", {0.5, 0.0})}); // 30 to the right, ten more than there are
    QCOMPARE(at(out, 9, 0), std::uint8_t {1});
    QCOMPARE(at(out, 10, 0), at(source, 0, 15));
}

void TestGeometry::noBorderIsSeenWhereItIsMirroredOrRepeated_data()
{
    QTest::addColumn<int>("index");
    for (int i = 0; i < std::ssize(ops()); ++i)
        if (ops()[static_cast<std::size_t>(i)].group == Group::Geometry)
            QTest::newRow(ops()[static_cast<std::size_t>(i)].id.data()) << i;
}

void TestGeometry::noBorderIsSeenWhereItIsMirroredOrRepeated()
{
    QFETCH(int, index);
    const OpSpec& op = ops()[static_cast<std::size_t>(index)];
    std::vector<double> settings;
    for (const ParamSpec& parameter : op.parameters)
        settings.push_back(parameter.identity == parameter.high ? parameter.low : parameter.high);
    const Image image = filled(40, 56, {200, 30, 90});
    for (const auto mode : {Border::Mode::Mirror, Border::Mode::Repeat}) {
        for (std::uint32_t copy = 0; copy < 10; ++copy) {
            Draws draws({.seed = 1, .copy = copy});
            QVERIFY(applied(op.id, op.draw(settings, draws), image, {mode, {0, 0, 0}}) == image);
        }
    }
}

void TestGeometry::aColourFillsTheCorners()
{
    const Image image = filled(50, 50, {200, 30, 90});
    const Image got = applied("rotate", {45}, image, {Border::Mode::Colour, {7, 8, 9}});
    for (int c = 0; c < 3; ++c) {
        QCOMPARE(int {at(got, 0, 0, c)}, 7 + c);
        QCOMPARE(int {at(got, 49, 49, c)}, 7 + c);
        QCOMPARE(at(got, 25, 25, c), at(image, 25, 25, c));
    }
}

void TestGeometry::everyBorderFollowsItsFormula_data()
{
    QTest::addColumn<int>("mode");
    QTest::newRow("mirror") << static_cast<int>(Border::Mode::Mirror);
    QTest::newRow("repeat") << static_cast<int>(Border::Mode::Repeat);
    QTest::newRow("colour") << static_cast<int>(Border::Mode::Colour);
}

void TestGeometry::everyBorderFollowsItsFormula()
{
    QFETCH(int, mode);
    const Border border {static_cast<Border::Mode>(mode), {1, 200, 90}};
    const Image image = photo(61, 47);
    const double c = std::cos(radians(40));
    const double s = std::sin(radians(40));
    const auto shrunk = [](double x, double y) { return Place2 {x / 0.55, y / 0.55}; };
    const auto far = [](double x, double y) { return Place2 {x - 0.49 * 61, y + 0.31 * 47}; };
    const auto turned = [=](double x, double y) { return Place2 {c * x - s * y, s * x + c * y}; };
    QVERIFY(
        difference(applied("zoom", {0.55}, image, border).rgb, byFormula(image, shrunk, border).rgb).largest
        <= 1);
    QVERIFY(difference(applied("shift", {0.49, -0.31}, image, border).rgb, byFormula(image, far, border).rgb)
                .largest
            <= 1);
    QVERIFY(
        difference(applied("rotate", {40}, image, border).rgb, byFormula(image, turned, border).rgb).largest
        <= 1);
}

void TestGeometry::shrinkingAverages()
{
    // Every second pixel is white: without averaging, what is drawn four times as small is black or white.
    Image board {128, 128, {}};
    for (int i = 0; i < 128 * 128; ++i)
        board.rgb.insert(board.rgb.end(), 3, (i + i / 128) % 2 != 0 ? 255 : 0);
    const Image got = applied("zoom", {0.25}, board);
    for (int y = 55; y < 73; ++y)
        for (int x = 55; x < 73; ++x)
            QVERIFY(std::abs(at(got, x, y) - 127.5) < 2.0);
}

void TestGeometry::elasticMovesAsFarAsItSays()
{
    // Normal nodes of deviation d, smoothed by cubic B-splines: on average over a cell the sum of the squared
    // weights is 151/315 along each side, so places move by d * 151/315.
    const Image image = ramp(250, 250);
    double squares = 0.0;
    int count = 0;
    for (int seed = 0; seed < 24; ++seed) {
        const Image got = applied("elastic", {0.03, 6, static_cast<double>(seed)}, image);
        for (int y = 50; y < 200; ++y) {
            for (int x = 50; x < 200; ++x, ++count) {
                const double moved = at(got, x, y) - x;
                squares += moved * moved;
            }
        }
    }
    const double expected = 0.03 * 250 * 151.0 / 315.0;
    const double deviation = std::sqrt(squares / count);
    QVERIFY2(std::abs(deviation / expected - 1.0) < 0.1,
             qPrintable(QStringLiteral("%1, not %2").arg(deviation).arg(expected)));
}

void TestGeometry::gridKeepsTheOrderOfColumns()
{
    const Image image = ramp(250, 60);
    const Image got = applied("grid_distortion", {0.6, 5, 3}, image);
    QVERIFY(got != image);
    for (int x = 1; x < 250; ++x)
        QVERIFY(at(got, x, 30) >= at(got, x - 1, 30));
    QVERIFY(std::abs(at(got, 0, 30) - 0) <= 1);
    QVERIFY(std::abs(at(got, 249, 30) - 249) <= 1);
}

QTEST_GUILESS_MAIN(TestGeometry)
#include "tst_geometry.moc"
