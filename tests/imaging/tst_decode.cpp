// Pictures that the test draws and encodes, compared with what was drawn and with Qt's own readers.
#include "core/base/file.h"
#include "core/base/parallel.h"
#include "core/imaging/decode.h"
#include "encoder.h"
#include "tests/support/processor_clock.h"

#include <QBuffer>
#include <QImage>
#include <QImageReader>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <random>
#include <sys/stat.h>
#include <unistd.h>

using namespace graft;
using namespace graft::imaging;

namespace fs = std::filesystem;

namespace {

/// Four different corners, so that no turn looks like another.
Image draw(int width = 48, int height = 32)
{
    Image image {width, height, {}};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x)
            for (const int value : {x * 5, y * 7, (x + y) * 2})
                image.rgb.push_back(static_cast<std::uint8_t>(value & 255));
    }
    return image;
}

Image fromQt(const QImage& picture)
{
    const QImage rgb = picture.convertToFormat(QImage::Format_RGB888);
    Image image {rgb.width(), rgb.height(), {}};
    for (int y = 0; y < rgb.height(); ++y)
        image.rgb.insert(image.rgb.end(), rgb.constScanLine(y), rgb.constScanLine(y) + rgb.width() * 3);
    return image;
}

QImage toQt(const Image& image)
{
    return QImage(image.rgb.data(), image.width, image.height, image.width * 3, QImage::Format_RGB888).copy();
}

std::string save(const QImage& picture, const char* format)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (!picture.save(&buffer, format))
        return {};
    return bytes.toStdString();
}

/// The JPEG with an EXIF block of one entry, Orientation, put behind its first two bytes.
std::string withOrientation(const std::string& jpeg, int orientation)
{
    std::string exif("\xFF\xE1\0\x22"
                     "Exif\0\0"
                     "MM\0*\0\0\0\x08"
                     "\0\x01"
                     "\x01\x12\0\x03\0\0\0\x01\0\0\0\0"
                     "\0\0\0\0",
                     36);
    exif[29] = static_cast<char>(orientation);
    return jpeg.substr(0, 2) + exif + jpeg.substr(2);
}

int largestDifference(const Image& a, const Image& b)
{
    if (a.width != b.width || a.height != b.height)
        return 256;
    int largest = 0;
    for (std::size_t i = 0; i < a.rgb.size(); ++i)
        largest = std::max(largest, std::abs(a.rgb[i] - b.rgb[i]));
    return largest;
}

PictureFault faultOf(const std::function<void()>& work)
{
    try {
        work();
    } catch (const PictureError& error) {
        return error.fault();
    }
    throw std::logic_error("no PictureError");
}

std::string bigEndian(std::uint32_t value)
{
    return {static_cast<char>(value >> 24U), static_cast<char>(value >> 16U), static_cast<char>(value >> 8U),
            static_cast<char>(value)};
}

const std::vector<std::string> lossless {".png",
                                         ".png[interlace]",
                                         ".tif",
                                         ".tif[compression=lzw]",
                                         ".tif[compression=deflate,tile]",
                                         ".webp[lossless]",
                                         ".ppm"};

} // namespace

/// The administrator may read everything; for a while the test is somebody else.
class OrdinaryUser
{
public:
    OrdinaryUser()
    {
        if (m_user == 0 && seteuid(65534) != 0)
            throw std::runtime_error("cannot become another user");
    }

    OrdinaryUser(const OrdinaryUser&) = delete;
    OrdinaryUser& operator=(const OrdinaryUser&) = delete;

    ~OrdinaryUser()
    {
        if (seteuid(m_user) != 0)
            std::abort();
    }

private:
    uid_t m_user = geteuid();
};

class TstDecode : public QObject
{
    Q_OBJECT

private slots:

    void initTestCase() { initialise(); }

    void losslessKindsKeepEveryPixel_data()
    {
        QTest::addColumn<QString>("suffix");
        for (const auto& suffix : lossless)
            QTest::newRow(suffix.c_str()) << QString::fromStdString(suffix);
    }

    void losslessKindsKeepEveryPixel()
    {
        QFETCH(QString, suffix);
        const std::string bytes = encoder::encode(draw(), suffix.toStdString());
        QVERIFY(!bytes.empty());
        QCOMPARE(decode(bytes, "a"), draw());
        const Header header = readHeader(bytes, "a");
        QCOMPARE(header.width, 48);
        QCOMPARE(header.height, 32);
        QVERIFY2(faultOf([&] { decode(std::string_view(bytes).substr(0, bytes.size() / 2), "a"); })
                     == PictureFault::Damaged,
                 "half of it");
    }

    void bitmapsAsQtWritesThem_data()
    {
        QTest::addColumn<int>("format");
        QTest::newRow("24 bits") << static_cast<int>(QImage::Format_RGB888);
        QTest::newRow("32 bits") << static_cast<int>(QImage::Format_RGB32);
        QTest::newRow("palette") << static_cast<int>(QImage::Format_Indexed8);
        QTest::newRow("grey") << static_cast<int>(QImage::Format_Grayscale8);
        QTest::newRow("black and white") << static_cast<int>(QImage::Format_Mono);
    }

    void bitmapsAsQtWritesThem()
    {
        QFETCH(int, format);
        const QImage picture = toQt(draw(45, 31)).convertToFormat(static_cast<QImage::Format>(format));
        for (const char* kind : {"BMP", "PNG"}) {
            const std::string bytes = save(picture, kind);
            QCOMPARE(decode(bytes, "a"), fromQt(picture));
            QCOMPARE(readHeader(bytes, "a").format, std::string_view(kind));
        }
    }

    void orientation_data()
    {
        QTest::addColumn<int>("orientation");
        for (int orientation = 1; orientation <= 8; ++orientation)
            QTest::addRow("%d", orientation) << orientation;
    }

    void orientation()
    {
        QFETCH(int, orientation);
        const std::string bytes = withOrientation(save(toQt(draw()), "JPG"), orientation);
        QByteArray copy = QByteArray::fromStdString(bytes);
        QBuffer buffer(&copy);
        QImageReader reader(&buffer, "JPG");
        reader.setAutoTransform(true);
        const Image expected = fromQt(reader.read());
        QVERIFY(!expected.rgb.empty());
        QVERIFY(largestDifference(decode(bytes, "a"), expected) <= 1);
        const Header header = readHeader(bytes, "a");
        QCOMPARE(header.width, expected.width);
        QCOMPARE(header.height, expected.height);
    }

    void transparencyIsLaidOverWhite_data()
    {
        QTest::addColumn<bool>("deep");
        QTest::newRow("8 bits") << false;
        QTest::newRow("16 bits") << true;
    }

    void transparencyIsLaidOverWhite()
    {
        QFETCH(bool, deep);
        QImage picture(16, 4, QImage::Format_RGBA8888);
        Image expected {16, 4, {}};
        for (int y = 0; y < 4; ++y) {
            for (int x = 0; x < 16; ++x) {
                const int alpha = x * 17;
                picture.setPixelColor(x, y, QColor(200, 10 * y, 0, alpha));
                for (const int value : {200, 10 * y, 0})
                    expected.rgb.push_back(
                        static_cast<std::uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255));
            }
        }
        if (deep)
            picture = picture.convertToFormat(QImage::Format_RGBA64);
        QVERIFY(largestDifference(decode(save(picture, "PNG"), "a"), expected) <= 1);
    }

    void sixteenBits()
    {
        const QImage grey = toQt(draw()).convertToFormat(QImage::Format_Grayscale16);
        QVERIFY(largestDifference(decode(save(grey, "PNG"), "a"),
                                  fromQt(grey.convertToFormat(QImage::Format_Grayscale8)))
                <= 1);
        const QImage colours = toQt(draw()).convertToFormat(QImage::Format_RGBX64);
        QVERIFY(largestDifference(decode(save(colours, "PNG"), "a"), draw()) <= 1);
    }

    void inkBecomesLight()
    {
        // No ink, black ink, cyan: white, dark, blue-green.
        const std::vector<unsigned char> ink {0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0};
        std::vector<unsigned char> wide;
        for (int y = 0; y < 16; ++y) {
            for (int x = 0; x < 48; ++x)
                wide.insert(wide.end(), ink.begin() + x / 16 * 4, ink.begin() + x / 16 * 4 + 4);
        }
        const std::string bytes = encoder::encodeCmyk(48, 16, wide, ".jpg[Q=100]");
        QVERIFY(!bytes.empty());
        const Image image = decode(bytes, "a");
        const auto at = [&](int x) { return image.rgb.data() + (8 * 48 + x) * 3; };
        QVERIFY(*std::min_element(at(8), at(8) + 3) > 245);
        QVERIFY(*std::max_element(at(24), at(24) + 3) < 80);
        QVERIFY(at(40)[0] < 100);
        QVERIFY(at(40)[2] > 150);
    }

    void firstFrameOfAnimations_data()
    {
        QTest::addColumn<QString>("suffix");
        QTest::newRow("GIF") << QStringLiteral(".gif");
        QTest::newRow("WebP") << QStringLiteral(".webp[lossless]");
        QTest::newRow("TIFF of several pages") << QStringLiteral(".tif");
    }

    void firstFrameOfAnimations()
    {
        QFETCH(QString, suffix);
        const auto flat = [](std::uint8_t value) {
            return Image {20, 10, std::vector<std::uint8_t>(20 * 10 * 3, value)};
        };
        const std::string bytes = encoder::animate({flat(250), flat(9), flat(99)}, suffix.toStdString());
        if (bytes.empty())
            QSKIP("This libvips cannot write such a file.");
        QVERIFY(largestDifference(decode(bytes, "a"), flat(250)) <= 2);
    }

    void faults_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("fault");
        const auto row = [](const char* name, const std::string& content, PictureFault fault) {
            QTest::newRow(name) << QByteArray::fromStdString(content) << static_cast<int>(fault);
        };
        row("empty", {}, PictureFault::Empty);
        row("web page", "<!DOCTYPE html><html><body>Not found</body></html>", PictureFault::NotAPicture);
        row("text", "BM is how this text begins, and it is no bitmap", PictureFault::NotAPicture);
        row("one byte", "x", PictureFault::NotAPicture);
        row("only a signature", "\x89PNG\r\n\x1A\n", PictureFault::Damaged);
        row("3.6 billion pixels", pngOfSize(60'000, 60'000), PictureFault::TooBig);
        row("more than a library takes", pngOfSize(2'147'483'647, 2'147'483'647), PictureFault::TooBig);
        row("more pixels than its bytes can hold", pngOfSize(9'000, 9'000), PictureFault::Damaged);
        row("a chunk longer than the file", pngOfSize(9, 9) + bigEndian(0x3FFFFFFF) + "tEXtComment",
            PictureFault::Damaged);
        row("no pixels", pngOfSize(0, 5), PictureFault::Damaged);
        row("huge GIF", "GIF89a\xFF\xFF\xFF\xFF\x80\0\0", PictureFault::TooBig);
    }

    void faults()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, fault);
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "IMG_1.jpg";
        writeFile(file, content.toStdString());
        for (const auto& work :
             std::vector<std::function<void()>> {[&] { decodeFile(file); }, [&] { thumbnail(file, 64); },
                                                 [&] { decode(content.toStdString(), "IMG_1.jpg"); },
                                                 [&] { readHeader(content.toStdString(), "IMG_1.jpg"); }}) {
            try {
                work();
                QFAIL("was read");
            } catch (const PictureError& error) {
                QCOMPARE(static_cast<int>(error.fault()), fault);
                QCOMPARE(error.subject(), std::string("IMG_1.jpg"));
                QVERIFY(!error.happened().empty() && error.next().ends_with('.'));
            }
        }
    }

    void whatIsNoFile()
    {
        QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        QVERIFY(faultOf([&] { decodeFile(root / "gone.jpg"); }) == PictureFault::Missing);
        QVERIFY(faultOf([&] { decodeFile(root); }) == PictureFault::NotAPicture);
        QVERIFY(faultOf([&] { decodeFile("/dev/zero"); }) == PictureFault::NotAPicture);
        QCOMPARE(mkfifo((root / "pipe.jpg").c_str(), 0600), 0);
        QVERIFY(faultOf([&] { decodeFile(root / "pipe.jpg"); }) == PictureFault::NotAPicture);
        fs::create_symlink(root / "b.jpg", root / "a.jpg");
        fs::create_symlink(root / "a.jpg", root / "b.jpg");
        QVERIFY(faultOf([&] { decodeFile(root / "a.jpg"); }) == PictureFault::Missing);
    }

    void noRight()
    {
        const OrdinaryUser user;
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "a.png";
        writePng(file, draw());
        fs::permissions(file, fs::perms::none);
        QVERIFY(faultOf([&] { decodeFile(file); }) == PictureFault::Unreadable);
    }

    void limits()
    {
        const std::string bytes = encoder::encode(draw(), ".png");
        decode(bytes, "a", {48 * 32, bytes.size()});
        QVERIFY(faultOf([&] { decode(bytes, "a", {48 * 32 - 1, bytes.size()}); }) == PictureFault::TooBig);
        QVERIFY(faultOf([&] { decode(bytes, "a", {48 * 32, bytes.size() - 1}); }) == PictureFault::TooBig);
        const std::string bmp = save(toQt(draw()), "BMP");
        QVERIFY(faultOf([&] { decode(bmp, "a", {48 * 32 - 1, bmp.size()}); }) == PictureFault::TooBig);
    }

    void pngComesBack()
    {
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "a.png";
        writePng(file, draw());
        QCOMPARE(decodeFile(file), draw());
        QCOMPARE(fromQt(QImage(QString::fromStdString(file.string()))), draw());
        QVERIFY_THROWS_EXCEPTION(Error, writePng("/proc/a.png", draw()));
    }

    void thumbnailsShowTheSame()
    {
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "a.jpg";
        const Image large = decode(encoder::encode(draw(900, 600), ".jpg[Q=95]"), "a");
        writeFile(file, withOrientation(encoder::encode(draw(900, 600), ".jpg[Q=95]"), 6));
        const Image small = thumbnail(file, 90);
        QCOMPARE(small.width, 60);
        QCOMPARE(small.height, 90);
        QCOMPARE(thumbnail(file, 5000).height, 900);
    }

    void severalThreadsReadTheSame()
    {
        const std::string bytes = save(toQt(draw(200, 150)), "JPG");
        const Image expected = decode(bytes, "a");
        std::atomic<int> different = 0;
        parallelFor(200, 4, {}, [&](std::size_t) { different += decode(bytes, "a") == expected ? 0 : 1; });
        QCOMPARE(different.load(), 0);
    }

    void anyChangeGivesAPictureOrAnError_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        for (const char* suffix :
             {".jpg", ".png", ".gif", ".webp", ".tif[compression=lzw]", ".tif[compression=jpeg]", ".ppm"})
            QTest::newRow(suffix) << QByteArray::fromStdString(encoder::encode(draw(), suffix));
        QTest::newRow("BMP") << QByteArray::fromStdString(save(toQt(draw()), "BMP"));
        QTest::newRow("BMP with palette")
            << QByteArray::fromStdString(save(toQt(draw()).convertToFormat(QImage::Format_Indexed8), "BMP"));
    }

    void anyChangeGivesAPictureOrAnError()
    {
        QFETCH(QByteArray, bytes);
        if (bytes.isEmpty())
            QSKIP("This libvips cannot write such a file.");
        std::mt19937 random(4);
        const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random()) % limit; };
        constexpr int rounds = 250; // 2,250 with all kinds
        for (int round = 0; round < rounds; ++round) {
            std::string changed = bytes.toStdString();
            // Half of the changes hit the header, where sizes and offsets are.
            for (std::size_t i = 0; i < 1 + below(4); ++i)
                changed[below(round % 2 == 0 ? changed.size() : std::min<std::size_t>(changed.size(), 64))] =
                    static_cast<char>(random());
            if (round % 5 == 0)
                changed.resize(below(changed.size()));
            const tests::ProcessorClock clock;
            try {
                const Image image = decode(changed, "a");
                QVERIFY(image.width > 0 && image.height > 0);
            } catch (const PictureError& error) {
                QVERIFY(!error.happened().empty());
            }
            QVERIFY2(clock.milliseconds() < 2000.0, "takes too long");
        }
    }

private:
    /// Signature and header of an RGB picture, with a right checksum, then nothing.
    static std::string pngOfSize(std::uint32_t width, std::uint32_t height)
    {
        const std::string header =
            "IHDR" + bigEndian(width) + bigEndian(height) + std::string("\x08\x02\0\0\0", 5);
        std::uint32_t crc = ~0U;
        for (const char c : header) {
            crc ^= static_cast<std::uint8_t>(c);
            for (int bit = 0; bit < 8; ++bit)
                crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
        }
        return "\x89PNG\r\n\x1A\n" + bigEndian(13) + header + bigEndian(~crc);
    }
};

QTEST_GUILESS_MAIN(TstDecode)
#include "tst_decode.moc"
