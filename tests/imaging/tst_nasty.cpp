// Odd, damaged and hostile files, and what a manifest says a good program does with each.
#include "core/base/file.h"
#include "core/imaging/decode.h"
#include "tests/support/processor_clock.h"

#include <QFile>
#include <QTemporaryFile>
#include <QTest>

#include <map>
#include <sstream>
#include <sys/resource.h>
#include <unistd.h>

using namespace graft;
using namespace graft::imaging;

namespace fs = std::filesystem;

namespace {

const fs::path nasty = fs::path(GRAFT_TEST_DATA) / "nasty";

/// Where Graft does otherwise than the manifest says, and why.
const std::map<std::string, const char*> differences {
    {"bmp/imagers_Bad_clrsUsed.bmp", "only the number of colours is wrong; all pixels are there"},
    {"bmp/imagers_rle_overflow.bmp",
     "a run goes past its row; cut off there, as Pillow's test wants for its own"},
    {"bmp_bmpsuite/b_badfilesize.bmp", "only the file size in the header is wrong; nobody needs it"},
    {"bmp_bmpsuite/q_pal2.bmp", "two bits per pixel: rare, but plain"},
    {"bmp_bmpsuite/q_pal8oversizepal.bmp", "300 colours where 256 can be used; the rest is passed over"},
    {"bmp_bmpsuite/q_rgba32abf.bmp", "bit fields with alpha, as Windows CE writes them"},
    {"other/pillow_hopper.ico", "icons are no pictures to learn from; the message names the kind"},
    {"other/pillow_hopper_mask.ico", "icons are no pictures to learn from; the message names the kind"},
    {"png/pillow_truncated_end_chunk.png", "all pixels are there; only the end mark is cut"},
    {"tiff/pillow_12bit.cropped.tif", "libvips 8.14 does not unpack 12-bit TIFF; refused with a message"},
    {"tiff/pillow_crash-74d2a78403a5a59db1fb0a2b8735ac068a75f6e3.tif",
     "a fax page with odd tags, all lines there"},
    {"tiff/pillow_tiff_tiled_planar_lzw.tiff", "libvips 8.14 does not read tiles with separate planes"},
};

/// What the standard error output gets meanwhile.
class ErrorOutput
{
public:
    ErrorOutput()
    {
        m_file.open();
        m_saved = dup(STDERR_FILENO);
        dup2(m_file.handle(), STDERR_FILENO);
    }

    ErrorOutput(const ErrorOutput&) = delete;
    ErrorOutput& operator=(const ErrorOutput&) = delete;

    ~ErrorOutput()
    {
        dup2(m_saved, STDERR_FILENO);
        close(m_saved);
    }

    QByteArray text()
    {
        QFile file(m_file.fileName());
        file.open(QIODevice::ReadOnly);
        return file.readAll();
    }

private:
    QTemporaryFile m_file;
    int m_saved = -1;
};

long peakMegabytes()
{
    struct rusage usage {
    };

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

} // namespace

class TstNasty : public QObject
{
    Q_OBJECT

private slots:

    void initTestCase()
    {
        if (!fs::exists(nasty / "MANIFEST.tsv"))
            QSKIP("The collection of nasty pictures is not on this computer.");
        initialise();
        m_peak = peakMegabytes();
    }

    void manifest_data()
    {
        QTest::addColumn<QString>("expected");
        std::istringstream lines(readFile(nasty / "MANIFEST.tsv"));
        std::string line;
        std::getline(lines, line);
        while (std::getline(lines, line)) {
            std::istringstream fields(line);
            std::string file;
            std::string expected;
            std::getline(fields, file, '\t');
            for (int column = 1; column <= 6; ++column)
                std::getline(fields, expected, '\t');
            QTest::newRow(file.c_str()) << QString::fromStdString(expected);
        }
    }

    void manifest()
    {
        QFETCH(QString, expected);
        const std::string file = QTest::currentDataTag();
        bool loaded = false;
        std::string complaint;
        const tests::ProcessorClock clock;
        ErrorOutput output;
        try {
            const Image image = decodeFile(nasty / file);
            QCOMPARE(image.rgb.size(),
                     static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 3);
            loaded = true;
        } catch (const PictureError& error) {
            complaint = error.what();
            QCOMPARE(error.subject(), fs::path(file).filename().string());
        }
        QVERIFY2(clock.milliseconds() < 2000.0, "takes too long");
        QCOMPARE(output.text(), QByteArray());
        // "damaged", "bomb", "very large" and "possibly unsupported" leave the choice.
        const bool differs =
            expected.startsWith(u"load") ? !loaded : expected.startsWith(u"broken") && loaded;
        const auto known = differences.find(file);
        if (known == differences.end())
            QVERIFY2(!differs, loaded ? "was read" : complaint.c_str());
        else
            QVERIFY2(differs, "does as the manifest says: take it off the list of differences");
    }

    void memoryStaysSmall() { QVERIFY2(peakMegabytes() - m_peak < 1000, "one of the files took a gigabyte"); }

    void turnedPicturesLookAlike_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<double>("mostDifference");
        QTest::newRow("JPEG") << QStringLiteral("pillow_hopper_orientation_%1.jpg") << 4.0;
        QTest::newRow("WebP") << QStringLiteral("pillow_hopper_orientation_%1.webp") << 6.0;
        QTest::newRow("TIFF") << QStringLiteral("pillow_g4_orientation_%1.tif") << 4.0;
    }

    /// One picture, stored in seven ways.
    void turnedPicturesLookAlike()
    {
        QFETCH(QString, pattern);
        QFETCH(double, mostDifference);
        const auto load = [&](int orientation) {
            return decodeFile(nasty / "exif_orientation_small" / pattern.arg(orientation).toStdString());
        };
        const Image first = load(2);
        for (int orientation = 3; orientation <= 8; ++orientation) {
            const Image other = load(orientation);
            QCOMPARE(other.width, first.width);
            QCOMPARE(other.height, first.height);
            double difference = 0.0;
            for (std::size_t i = 0; i < first.rgb.size(); ++i)
                difference += std::abs(first.rgb[i] - other.rgb[i]);
            difference /= static_cast<double>(first.rgb.size());
            QVERIFY2(difference < mostDifference, qPrintable(QString::number(difference)));
        }
    }

    /// The same photo in CMYK and in RGB.
    void cmykLooksLikeRgb()
    {
        const Image cmyk = decodeFile(nasty / "made_here" / "cmyk.jpg");
        const Image rgb = decodeFile(nasty / "made_here" / "ext.jpeg");
        QCOMPARE(cmyk.width, rgb.width);
        QCOMPARE(cmyk.height, rgb.height);
        double difference = 0.0;
        for (std::size_t i = 0; i < rgb.rgb.size(); ++i)
            difference += std::abs(rgb.rgb[i] - cmyk.rgb[i]);
        difference /= static_cast<double>(rgb.rgb.size());
        QVERIFY2(difference < 30.0, qPrintable(QString::number(difference)));
    }

private:
    long m_peak = 0;
};

QTEST_APPLESS_MAIN(TstNasty)
#include "tst_nasty.moc"
