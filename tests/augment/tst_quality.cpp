#include "core/augment/convolve.h"
#include "core/augment/noise.h"
#include "tests/augment/pictures.h"
#include "tests/imaging/encoder.h"

#include <opencv2/imgproc.hpp>

#include <QtTest>

#include <set>

using namespace graft;
using namespace graft::augment;
using graft::tests::applied;
using graft::tests::at;
using graft::tests::difference;
using graft::tests::filled;
using graft::tests::moments;
using graft::tests::photo;

namespace {

cv::Mat matOf(const Image& image)
{
    cv::Mat mat(image.height, image.width, CV_8UC3);
    std::copy(image.rgb.begin(), image.rgb.end(), mat.data);
    return mat;
}

std::vector<std::uint8_t> bytesOf(const cv::Mat& mat)
{
    return {mat.datastart, mat.dataend};
}

/// A white point in the middle of black.
Image point(int side)
{
    Image image = filled(side, side, {0, 0, 0});
    for (std::size_t c = 0; c < 3; ++c)
        image.rgb[static_cast<std::size_t>(side * side / 2) * 3 + c] = 255;
    return image;
}

double shareOf(const Image& image, std::array<std::uint8_t, 3> colour)
{
    int found = 0;
    for (std::size_t i = 0; i < image.rgb.size(); i += 3)
        found += std::equal(colour.begin(), colour.end(), image.rgb.begin() + static_cast<std::ptrdiff_t>(i));
    return 3.0 * found / static_cast<double>(image.rgb.size());
}

} // namespace

class TestQuality : public QObject
{
    Q_OBJECT

private slots:
    void gaussianBlurAgreesWithOpenCv();
    void blurReachesBeyondASmallPicture();
    void motionBlurDrawsALine();
    void blursKeepTheMean_data();
    void blursKeepTheMean();
    void sharpenFollowsItsFormula();
    void downscaleAgreesWithOpenCv();
    void jpegIsWhatAFileHolds_data();
    void jpegIsWhatAFileHolds();
    void randomWordsAreThoseOfPhilox();
    void quantilesAreNormal();
    void gaussianNoiseHasItsDeviation();
    void shotNoiseGrowsWithLight();
    void noiseIsOfEachPixelAndChannelItsOwn();
    void saltAndPepperStrikesItsShare();
    void cutoutCoversItsShare();
    void gridMaskCoversItsShare();
};

void TestQuality::gaussianBlurAgreesWithOpenCv()
{
    const Image image = photo(120, 100);
    for (const double sigma : {0.6, 1.5, 3.0}) {
        cv::Mat expected;
        const int side = 2 * static_cast<int>(std::ceil(3 * sigma)) + 1;
        cv::GaussianBlur(matOf(image), expected, {side, side}, sigma, sigma, cv::BORDER_REFLECT_101);
        const auto [largest, mean] =
            difference(applied("gaussian_blur", {sigma / 100}, image).rgb, bytesOf(expected));
        QVERIFY2(largest <= 2 && mean < 0.5,
                 qPrintable(QStringLiteral("%1: %2, %3 on average").arg(sigma).arg(largest).arg(mean)));
    }
}

void TestQuality::blurReachesBeyondASmallPicture()
{
    constexpr std::array<std::uint16_t, 9> weights {76, 30, 20, 0, 15, 10, 8, 4, 3};
    const Image image = photo(4, 3);
    const auto sum = [&](const Image& from, int x, int y, int dx, int dy, int channel) {
        int total = 128;
        for (int i = -8; i <= 8; ++i)
            total += weights[static_cast<std::size_t>(std::abs(i))]
                * from.rgb[static_cast<std::size_t>(
                    (mirrored(y + i * dy, 3) * 4 + mirrored(x + i * dx, 4)) * 3 + channel)];
        return static_cast<std::uint8_t>(total / 256);
    };
    Image across = image;
    Image expected = image;
    for (int i = 0; i < 36; ++i)
        across.rgb[static_cast<std::size_t>(i)] = sum(image, i / 3 % 4, i / 12, 1, 0, i % 3);
    for (int i = 0; i < 36; ++i)
        expected.rgb[static_cast<std::size_t>(i)] = sum(across, i / 3 % 4, i / 12, 0, 1, i % 3);
    Image result = image;
    Scratch scratch;
    blur({result.rgb.data(), 4, 3}, weights, scratch);
    QCOMPARE(result.rgb, expected.rgb);
}

void TestQuality::motionBlurDrawsALine()
{
    constexpr int side = 101;
    constexpr int middle = side / 2;
    const Image across = applied("motion_blur", {0.1, 0}, point(side)); // ten pixels, to the right
    int sum = 0;
    for (int x = 0; x < side; ++x)
        sum += at(across, x, middle);
    QVERIFY(std::abs(sum - 255) < 12);
    QVERIFY(at(across, middle + 4, middle) > 15);
    QVERIFY(at(across, middle - 4, middle) > 15);
    QCOMPARE(int {at(across, middle + 7, middle)}, 0);
    QCOMPARE(int {at(across, middle, middle + 1)}, 0);
    const Image up = applied("motion_blur", {0.1, 90}, point(side));
    QVERIFY(at(up, middle, middle - 4) > 15);
    QCOMPARE(int {at(up, middle + 1, middle)}, 0);
    const Image slanted = applied("motion_blur", {0.1, 45}, point(side)); // to the upper right
    QVERIFY(at(slanted, middle + 3, middle - 3) > at(slanted, middle + 3, middle + 3));
}

void TestQuality::blursKeepTheMean_data()
{
    QTest::addColumn<Drawn>("drawn");
    QTest::addColumn<int>("steps"); // grey levels by which an even picture may change
    QTest::newRow("gaussian_blur") << Drawn {0.02} << 0;
    QTest::newRow("motion_blur") << Drawn {0.08, 30} << 0;
    QTest::newRow("downscale") << Drawn {0.4} << 0;
    QTest::newRow("jpeg") << Drawn {30} << 2; // half of a quantisation step of 27 / 8 levels
}

void TestQuality::blursKeepTheMean()
{
    QFETCH(Drawn, drawn);
    QFETCH(int, steps);
    const Image image = photo(120, 100);
    const auto before = moments(image.rgb);
    const auto after = moments(applied(QTest::currentDataTag(), drawn, image).rgb);
    QVERIFY2(std::abs(after.mean - before.mean) < 0.7,
             qPrintable(QStringLiteral("%1, %2").arg(before.mean).arg(after.mean)));
    const Image even = filled(40, 30, {90, 90, 90});
    QVERIFY(difference(applied(QTest::currentDataTag(), drawn, even).rgb, even.rgb).largest <= steps);
}

void TestQuality::sharpenFollowsItsFormula()
{
    const Image image = photo(60, 40);
    const Image got = applied("sharpen", {0.8}, image);
    for (int y = 0; y < 40; ++y) {
        for (int x = 0; x < 60; ++x) {
            double expected = at(image, x, y);
            if (x > 0 && y > 0 && x < 59 && y < 39) {
                double smooth = 4.0 * at(image, x, y);
                for (int dy = -1; dy <= 1; ++dy)
                    for (int dx = -1; dx <= 1; ++dx)
                        smooth += at(image, x + dx, y + dy);
                expected += 0.8 * (expected - smooth / 13.0);
            }
            QVERIFY(std::abs(at(got, x, y) - std::clamp(expected, 0.0, 255.0)) <= 0.51);
        }
    }
}

void TestQuality::downscaleAgreesWithOpenCv()
{
    const Image image = photo(120, 90);
    for (const double scale : {0.5, 0.7, 0.2}) {
        cv::Mat small;
        cv::Mat expected;
        const auto part = [&](int size) { return static_cast<int>(std::lround(size * scale)); };
        cv::resize(matOf(image), small, {part(120), part(90)}, 0, 0, cv::INTER_AREA);
        cv::resize(small, expected, {120, 90}, 0, 0, cv::INTER_LINEAR);
        const auto [largest, mean] = difference(applied("downscale", {scale}, image).rgb, bytesOf(expected));
        QVERIFY2(largest <= 2 && mean < 0.2,
                 qPrintable(QStringLiteral("%1: %2, %3 on average").arg(scale).arg(largest).arg(mean)));
    }
}

void TestQuality::jpegIsWhatAFileHolds_data()
{
    QTest::addColumn<int>("quality");
    for (const int quality : {5, 20, 50, 80, 95})
        QTest::newRow(qPrintable(QString::number(quality))) << quality;
}

void TestQuality::jpegIsWhatAFileHolds()
{
    QFETCH(int, quality);
    for (const auto& [width, height] : {std::pair {224, 224}, std::pair {161, 133}}) {
        const Image image = photo(width, height);
        const std::string options = ".jpg[Q=" + std::to_string(quality) + ",subsample_mode=on]";
        const Image expected = imaging::decode(encoder::encode(image, options), "drawn.jpg");
        QVERIFY(applied("jpeg", {double(quality)}, image) == expected);
        QVERIFY(difference(image.rgb, expected.rgb).mean > 0.2);
    }
}

void TestQuality::randomWordsAreThoseOfPhilox()
{
    // The one of base/random.h, one counter after another.
    for (const std::size_t count : {std::size_t {4}, std::size_t {64}, std::size_t {1028}}) {
        std::vector<std::uint32_t> words(count);
        fillRandom(77, 5, 1000, words);
        for (std::uint32_t block = 0; block < count / 4; ++block) {
            const auto expected = philox({1000 + block, 0, 0, 0}, {77, 5});
            for (std::size_t i = 0; i < expected.size(); ++i)
                QCOMPARE(words[block * 4 + i], expected[i]);
        }
    }
}

void TestQuality::quantilesAreNormal()
{
    const auto& z = normalQuantiles();
    QVERIFY(std::abs(z[z.size() * 3 / 4] - 0.6745F) < 0.001F); // a quarter lies above
    QVERIFY(std::abs(z[z.size() - 102] - 1.96F) < 0.005F); // 2.5 % do
    double squares = 0.0;
    double fourths = 0.0;
    for (const float value : z) {
        squares += std::pow(static_cast<double>(value), 2) / static_cast<double>(z.size());
        fourths += std::pow(static_cast<double>(value), 4) / static_cast<double>(z.size());
    }
    QVERIFY(std::abs(squares - 1.0) < 1e-5);
    QVERIFY(std::abs(fourths - 3.0) < 0.06);
}

void TestQuality::gaussianNoiseHasItsDeviation()
{
    const auto [mean, variance] =
        moments(applied("gaussian_noise", {20, 5}, filled(200, 200, {128, 128, 128})).rgb);
    QVERIFY(std::abs(mean - 128) < 0.25); // 120,000 draws: 0.06 is one standard error
    QVERIFY2(std::abs(std::sqrt(variance) / 20 - 1) < 0.02, qPrintable(QString::number(std::sqrt(variance))));
}

void TestQuality::shotNoiseGrowsWithLight()
{
    const auto varianceAt = [](std::uint8_t value) {
        const auto [mean, variance] =
            moments(applied("shot_noise", {20, 5}, filled(200, 200, {value, value, value})).rgb);
        return std::abs(mean - value) < 0.25 ? variance : 0.0;
    };
    QVERIFY(std::abs(varianceAt(160) / (400.0 * 160 / 255) - 1) < 0.04);
    QVERIFY(std::abs(varianceAt(80) / (400.0 * 80 / 255) - 1) < 0.04);
    const Image black = filled(20, 20, {0, 0, 0});
    QVERIFY(applied("shot_noise", {20, 5}, black) == black);
}

void TestQuality::noiseIsOfEachPixelAndChannelItsOwn()
{
    const Image got = applied("gaussian_noise", {20, 5}, filled(200, 200, {128, 128, 128}));
    const auto correlation = [&](std::size_t apart) {
        double sum = 0.0;
        for (std::size_t i = 0; i + apart < got.rgb.size(); ++i)
            sum += (got.rgb[i] - 128.0) * (got.rgb[i + apart] - 128.0);
        return sum / 400.0 / static_cast<double>(got.rgb.size() - apart);
    };
    for (const std::size_t apart : {1, 2, 3, 6, 600, 2048, 4096, 6144})
        QVERIFY2(std::abs(correlation(apart)) < 0.02, qPrintable(QString::number(apart)));
    QVERIFY(got != applied("gaussian_noise", {20, 6}, filled(200, 200, {128, 128, 128})));
}

void TestQuality::saltAndPepperStrikesItsShare()
{
    const Image got = applied("salt_pepper", {0.1, 3}, filled(200, 200, {128, 64, 32}));
    QVERIFY(std::abs(shareOf(got, {0, 0, 0}) - 0.05) < 0.005);
    QVERIFY(std::abs(shareOf(got, {255, 255, 255}) - 0.05) < 0.005);
    QVERIFY(std::abs(shareOf(got, {128, 64, 32}) - 0.9) < 0.007);
}

void TestQuality::cutoutCoversItsShare()
{
    const Image image = filled(80, 60, {200, 10, 10});
    std::set<std::vector<std::uint8_t>> places;
    for (int seed = 0; seed < 20; ++seed) {
        const Image got = applied("cutout", {1, 0.4, 77, double(seed)}, image);
        QCOMPARE(shareOf(got, {77, 77, 77}), 32.0 * 24.0 / (80.0 * 60.0));
        places.insert(got.rgb);
    }
    QVERIFY(places.size() > 15);
    const double two = shareOf(applied("cutout", {2, 0.4, 77, 1}, image), {77, 77, 77});
    QVERIFY(two > 0.16 && two <= 0.32);
}

void TestQuality::gridMaskCoversItsShare()
{
    const Image got = applied("grid_mask", {5, 0.5, 0, 0}, filled(100, 100, {200, 10, 10}));
    QVERIFY(std::abs(shareOf(got, {128, 128, 128}) - 0.25) < 0.001);
    QCOMPARE(int {at(got, 0, 0)}, 128); // 20 pixels a cell, the first ten hidden
    QCOMPARE(int {at(got, 9, 29)}, 128);
    QCOMPARE(int {at(got, 10, 0)}, 200);
    QCOMPARE(int {at(got, 20, 0)}, 128);
}

QTEST_GUILESS_MAIN(TestQuality)
#include "tst_quality.moc"
