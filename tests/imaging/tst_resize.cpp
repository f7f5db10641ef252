// Every row of resize_reference.tsv was computed by Pillow and torchvision (see reference.py) from pictures
// that are drawn here by the same formula; results must be equal to the last bit.
#include "core/base/file.h"
#include "core/imaging/resize.h"

#include <QTest>

#include <sstream>

using namespace graft;
using namespace graft::imaging;

namespace {

Image draw(int width, int height)
{
    Image image {width, height, {}};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (int c = 0; c < 3; ++c) {
                const int board = (x / 8 + y / 8) % 2 != 0 ? 128 : 0;
                image.rgb.push_back(static_cast<std::uint8_t>(
                    (x * 73 + y * 151 + c * 57 + x * y * (c + 1) * 31 + board + (x * x + 3 * y * y) / 7)
                    & 255));
            }
        }
    }
    return image;
}

QByteArray digest(std::span<const std::uint8_t> bytes)
{
    const std::string hex = sha256({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return QByteArray::fromStdString(hex.substr(0, 16));
}

Image cut(const Image& image, const Box& box)
{
    Image part {box.width, box.height, {}};
    for (int y = box.top; y < box.top + box.height; ++y) {
        const auto row = image.rgb.begin() + (static_cast<std::ptrdiff_t>(y) * image.width + box.left) * 3;
        part.rgb.insert(part.rgb.end(), row, row + static_cast<std::ptrdiff_t>(box.width) * 3);
    }
    return part;
}

} // namespace

class TstResize : public QObject
{
    Q_OBJECT

private slots:

    void reference_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("second");
        QTest::addColumn<bool>("bicubic");
        QTest::addColumn<QByteArray>("expected");
        std::istringstream table(readFile(GRAFT_SOURCE_DIR "/tests/imaging/resize_reference.tsv"));
        std::string line;
        std::getline(table, line);
        while (std::getline(table, line)) {
            std::istringstream fields(line);
            std::string what;
            std::string filter;
            std::string expected;
            int width = 0;
            int height = 0;
            int first = 0;
            int second = 0;
            fields >> what >> width >> height >> first >> second >> filter >> expected;
            QTest::addRow("%s %dx%d to %d, %d %s", what.c_str(), width, height, first, second, filter.c_str())
                << QString::fromStdString(what) << width << height << first << second << (filter == "bicubic")
                << QByteArray::fromStdString(expected);
        }
    }

    void reference()
    {
        QFETCH(QString, what);
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(int, first);
        QFETCH(int, second);
        QFETCH(bool, bicubic);
        QFETCH(QByteArray, expected);
        const Image image = draw(width, height);
        const Interpolation interpolation = bicubic ? Interpolation::Bicubic : Interpolation::Bilinear;
        if (what == u"resize") {
            const Image result = resize(image, first, second, interpolation);
            QCOMPARE(result.width, first);
            QCOMPARE(result.height, second);
            QCOMPARE(digest(result.rgb), expected);
        } else {
            PreprocessSpec spec;
            spec.resize = first;
            spec.crop = second;
            spec.interpolation = interpolation;
            std::vector<std::uint8_t> out(
                static_cast<std::size_t>(second) * static_cast<std::size_t>(second) * 3, 77);
            preprocess(image, spec, out);
            QCOMPARE(digest(out), expected);
        }
    }

    void partIsTheWholeCutOut_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::newRow("smaller") << 61 << 40;
        QTest::newRow("larger") << 333 << 222;
        QTest::newRow("same width") << 120 << 31;
        QTest::newRow("same height") << 77 << 90;
        QTest::newRow("same") << 120 << 90;
    }

    void partIsTheWholeCutOut()
    {
        QFETCH(int, width);
        QFETCH(int, height);
        const Image image = draw(120, 90);
        const Image whole = resize(image, width, height, Interpolation::Bicubic);
        for (const Box& box : {Box {0, 0, 1, 1}, Box {width - 1, height - 1, 1, 1}, Box {3, 5, 17, 11},
                               Box {width - 20, height - 10, 20, 10}, Box {0, height / 2, width, 3}})
            QCOMPARE(resizePart(image, width, height, box, Interpolation::Bicubic), cut(whole, box));
    }

    void flatPicturesStayFlat()
    {
        const Image grey {50, 40, std::vector<std::uint8_t>(50 * 40 * 3, 201)};
        for (const auto interpolation : {Interpolation::Bicubic, Interpolation::Bilinear}) {
            const Image result = resize(grey, 33, 91, interpolation);
            QVERIFY(std::ranges::all_of(result.rgb, [](std::uint8_t value) { return value == 201; }));
        }
    }

    void aLineOfAHundredMillionPixels()
    {
        const Image line {100'000, 1, std::vector<std::uint8_t>(300'000, 9)};
        PreprocessSpec spec;
        spec.resize = 60'000; // 6e9 pixels wide, were it computed
        std::vector<std::uint8_t> out(224 * 224 * 3);
        preprocess(line, spec, out);
        QVERIFY(std::ranges::all_of(out, [](std::uint8_t value) { return value == 9; }));
    }
};

QTEST_APPLESS_MAIN(TstResize)
#include "tst_resize.moc"
