#include "core/base/error.h"
#include "core/base/file.h"

#include <QtTest>

#include <csignal>
#include <ostream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace graft;
namespace fs = std::filesystem;

class TestFile : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void sha256IsTheStandards_data();
    void sha256IsTheStandards();
    void sha256OfALongFile();
    void writesWhatIsRead();
    void killInTheMiddleLeavesTheOldContent();
    void failingWriterLeavesNothingBehind();
    void fullDiskLeavesTheOldContent();
    void cannotWriteThere_data();
    void cannotWriteThere();
    void cannotRead_data();
    void cannotRead();

private:
    fs::path folder() const { return m_dir->path().toStdString(); }

    std::size_t entries() const { return std::distance(fs::directory_iterator(folder()), {}); }

    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestFile::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(m_dir->isValid());
}

void TestFile::sha256IsTheStandards_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("hash");
    // NIST, "Examples with intermediate values" of FIPS 180-4
    QTest::newRow("nothing") << QByteArray()
                             << "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    QTest::newRow("abc") << QByteArray("abc")
                         << "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    QTest::newRow("two blocks") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                                << "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
}

void TestFile::sha256IsTheStandards()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, hash);
    QCOMPARE(QString::fromStdString(sha256(text.toStdString())), hash);
    writeFile(folder() / "x", text.toStdString());
    QCOMPARE(QString::fromStdString(sha256OfFile(folder() / "x")), hash);
}

void TestFile::sha256OfALongFile()
{
    std::string text(1'000'000, 'a'); // a million letters a, also of the standard
    constexpr auto hash = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
    writeFile(folder() / "long", text);
    QCOMPARE(sha256OfFile(folder() / "long"), std::string(hash));
    text.append(2'500'000, 'b');
    writeFile(folder() / "long", text);
    QCOMPARE(sha256OfFile(folder() / "long"), sha256(text));
}

void TestFile::writesWhatIsRead()
{
    const std::string bytes("a\0b\xFF\r\n", 6);
    const fs::path file = folder() / "n\xFF.bin";
    writeFile(file, bytes);
    QCOMPARE(readFile(file), bytes);
    writeFile(file, [](std::ostream& stream) { stream << "second"; });
    QCOMPARE(readFile(file), std::string("second"));
    QCOMPARE(entries(), 1U);

    struct stat status {
    };

    QCOMPARE(stat(file.c_str(), &status), 0);
    const mode_t mask = umask(0);
    umask(mask);
    QCOMPARE(status.st_mode & 0777U, 0666U & ~mask);
    fs::remove(file); // QTemporaryDir cannot name it
}

void TestFile::killInTheMiddleLeavesTheOldContent()
{
    const fs::path file = folder() / "f";
    writeFile(file, "old");
    const pid_t child = fork();
    if (child == 0) {
        writeFile(file, [](std::ostream& stream) {
            stream << std::string(100'000, 'n') << std::flush;
            kill(getpid(), SIGKILL);
        });
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    QVERIFY(WIFSIGNALED(status));
    QCOMPARE(readFile(file), std::string("old"));
}

void TestFile::failingWriterLeavesNothingBehind()
{
    const fs::path file = folder() / "f";
    writeFile(file, "old");
    QVERIFY_THROWS_EXCEPTION(std::logic_error,
                             writeFile(file, [](std::ostream&) { throw std::logic_error("stopped"); }));
    QCOMPARE(readFile(file), std::string("old"));
    QCOMPARE(entries(), 1U);
}

void TestFile::fullDiskLeavesTheOldContent()
{
    const fs::path file = folder() / "f";
    writeFile(file, "old");
    const pid_t child = fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit {1000, 1000}; // bytes that a file may have
        int code = setrlimit(RLIMIT_FSIZE, &limit) == 0 ? 1 : 2;
        try {
            writeFile(file, std::string(100'000, 'n'));
        } catch (const Error&) {
            code = 0;
        }
        _exit(code);
    }
    int status = 0;
    waitpid(child, &status, 0);
    QCOMPARE(status, 0);
    QCOMPARE(readFile(file), std::string("old"));
    QCOMPARE(entries(), 1U);
}

void TestFile::cannotWriteThere_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("no such folder") << "no/such/folder";
    QTest::newRow("a file for a folder") << "file/inside";
    QTest::newRow("over a folder") << "folder";
    QTest::newRow("a long name") << QString(300, QLatin1Char('x'));
}

void TestFile::cannotWriteThere()
{
    QFETCH(QString, name);
    writeFile(folder() / "file", "text");
    fs::create_directories(folder() / "folder" / "full");
    QVERIFY_THROWS_EXCEPTION(Error, writeFile(folder() / name.toStdString(), "text"));
    QCOMPARE(entries(), 2U);
}

void TestFile::cannotRead_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("missing") << "missing";
    QTest::newRow("folder") << "folder";
    QTest::newRow("larger than the limit") << "file";
    QTest::newRow("pipe that nobody writes to") << "pipe";
}

void TestFile::cannotRead()
{
    QFETCH(QString, name);
    fs::create_directory(folder() / "folder");
    writeFile(folder() / "file", "123456");
    QCOMPARE(mkfifo((folder() / "pipe").c_str(), 0600), 0);
    QVERIFY_THROWS_EXCEPTION(Error, readFile(folder() / name.toStdString(), 5));
    QCOMPARE(readFile(folder() / "file", 6), std::string("123456"));
}

QTEST_APPLESS_MAIN(TestFile)
#include "tst_file.moc"
