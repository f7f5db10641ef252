#include "folders.h"

#include <QTest>

#include <atomic>
#include <map>
#include <set>
#include <sys/stat.h>

using namespace graft;
using namespace graft::dataset;

namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

/// "cat/a.jpg", "dog/b.jpg" ... in the dataset's order, with the class in front where it is not the folder.
Words pictures(const ScanResult& result)
{
    Words words;
    for (const auto& picture : result.dataset.pictures)
        words.push_back(result.dataset.classes[static_cast<std::size_t>(picture.label)] + ": "
                        + picture.path.lexically_relative(result.dataset.root).string());
    return words;
}

/// "damaged: cat/b.jpg" ...
Words problems(const ScanResult& result)
{
    Words words;
    for (const auto& problem : result.dataset.problems)
        words.push_back(id(problem.kind) + std::string(": ")
                        + problem.path.lexically_relative(result.dataset.root).string());
    return words;
}

const Problem& problem(const ScanResult& result, ProblemKind kind)
{
    const auto& all = result.dataset.problems;
    const auto found = std::ranges::find(all, kind, &Problem::kind);
    if (found == all.end())
        throw std::logic_error("no such problem");
    return *found;
}

ScanOptions labelledBy(LabelSource source, const fs::path& file = {})
{
    return {source, file, 1};
}

} // namespace

class TstScan : public QObject
{
    Q_OBJECT

private slots:

    void nestedFoldersBelongToTheirTopFolder()
    {
        Folders folders;
        folders.add("dog/b.jpg", "hash 1");
        folders.add("cat/a.jpg", "hash 2");
        folders.add("cat/old/deep/c.jpg", "hash 3");
        folders.add("cat/.hidden.jpg", "hash 4");
        folders.add(".thumbnails/d.jpg", "hash 5");
        folders.add("cat/Thumbs.db", "hash 6");
        const ScanResult result = folders.scan();
        QCOMPARE(result.dataset.root, folders.root);
        QCOMPARE(result.dataset.classes, (Words {"cat", "dog"}));
        QCOMPARE(pictures(result), (Words {"cat: cat/a.jpg", "cat: cat/old/deep/c.jpg", "dog: dog/b.jpg"}));
        QCOMPARE(problems(result), Words {});
        QVERIFY(!result.stopped);
        QCOMPARE(result.dataset.pictures[0].width, 4);
        QCOMPARE(result.dataset.pictures[0].sha256, sha256("hash 2"));
    }

    void badFilesEndNothing()
    {
        Folders folders;
        folders.add("cat/a.jpg", "hash 1");
        folders.add("cat/b.jpg", "damaged");
        folders.add("cat/c.jpg", "");
        folders.add("cat/d.jpg", "<html>");
        folders.add("cat/f.jpg", "surprise");
        folders.add("cat/sound.ogg", "hash 2");
        folders.add("dog/e.jpg", "damaged");
        folders.add("beside.jpg", "hash 3");
        folders.add("notes.txt", "hash 4");
        QCOMPARE(mkfifo((folders.root / "cat/pipe.jpg").c_str(), 0600), 0);
        fs::create_symlink("nowhere", folders.root / "cat/link.jpg");
        const ScanResult result = folders.scan();
        QCOMPARE(pictures(result), (Words {"cat: cat/a.jpg"}));
        QCOMPARE(problems(result),
                 (Words {"unlabelled: beside.jpg", "damaged: cat/b.jpg", "empty: cat/c.jpg",
                         "not_a_picture: cat/d.jpg", "damaged: cat/f.jpg", "missing: cat/link.jpg",
                         "not_a_picture: cat/pipe.jpg", "not_a_picture: cat/sound.ogg", "class_left_out: dog",
                         "damaged: dog/e.jpg", "not_a_picture: notes.txt"}));
        QCOMPARE(problem(result, ProblemKind::Damaged).reason,
                 std::string("b.jpg is damaged. Leave it out."));
        QCOMPARE(problem(result, ProblemKind::Damaged).className, std::string("cat"));
        QCOMPARE(problem(result, ProblemKind::ClassLeftOut).className, std::string("dog"));
        for (const auto& each : result.dataset.problems)
            QVERIFY(each.skipped && each.reason.ends_with('.'));
    }

    void linksAreFollowedOnce()
    {
        Folders folders;
        folders.add("cat/a.jpg", "hash 1");
        folders.add("dog/b.jpg", "hash 2");
        Folders elsewhere;
        elsewhere.add("c.jpg", "hash 3");
        elsewhere.add("more/d.jpg", "hash 4");
        fs::create_directory_symlink("..", folders.root / "cat/loop");
        fs::create_directory_symlink(folders.root.parent_path(), folders.root / "cat/above");
        fs::create_directory_symlink("../dog", folders.root / "cat/dogs");
        fs::create_directory_symlink(elsewhere.root, folders.root / "bird");
        fs::create_directory_symlink(elsewhere.root / "more", folders.root / "dog/again");
        fs::create_symlink("a.jpg", folders.root / "cat/A.jpg");
        const ScanResult result = folders.scan();
        QCOMPARE(pictures(result),
                 (Words {"bird: bird/c.jpg", "bird: bird/more/d.jpg", "cat: cat/a.jpg", "dog: dog/b.jpg"}));
        QCOMPARE(problems(result),
                 (Words {"link_loop: cat/above", "link_loop: cat/dogs", "link_loop: cat/loop",
                         "link_loop: dog/again"}));
    }

    void unreadableFolders()
    {
        const OrdinaryUser user;
        Folders folders;
        folders.add("cat/a.jpg", "hash 1");
        folders.add("cat/closed/b.jpg", "hash 2");
        fs::permissions(folders.root / "cat/closed", fs::perms::none);
        const ScanResult result = folders.scan();
        fs::permissions(folders.root / "cat/closed", fs::perms::owner_all);
        QCOMPARE(pictures(result), Words {"cat: cat/a.jpg"});
        QCOMPARE(problems(result), Words {"folder_unreadable: cat/closed"});
        fs::permissions(folders.root, fs::perms::none);
        QVERIFY_THROWS_EXCEPTION(Error, folders.scan());
        fs::permissions(folders.root, fs::perms::owner_all);
    }

    void filesThatVanishMeanwhile()
    {
        Folders folders;
        folders.add("cat/a.jpg", "hash 1");
        folders.add("cat/b.jpg", "hash 2");
        const auto inspect = [&](const fs::path& file) {
            fs::remove(folders.root / "cat/b.jpg");
            return Folders::inspect(file);
        };
        const ScanResult result = scan(folders.root, {}, inspect, {}, {});
        QCOMPARE(pictures(result), Words {"cat: cat/a.jpg"});
        QCOMPARE(problems(result), Words {"missing: cat/b.jpg"});
    }

    void namesOfAnyBytes()
    {
        Folders folders;
        folders.add("caf\xE9/\xFF\xFE.jpg", "hash 1");
        folders.add("猫/🐱 \"1\"\n.jpg", "hash 2");
        const ScanResult result = folders.scan();
        QCOMPARE(result.dataset.classes, (Words {"caf\xE9", "猫"}));
        QCOMPARE(result.dataset.pictures.size(), std::size_t {2});
    }

    void sameContentTwice()
    {
        Folders folders;
        folders.add("cat/a.jpg", "hash 0");
        folders.add("cat/b.jpg", "hash 0");
        folders.add("cat/c.jpg", "hash 18446744073709551615");
        const ScanResult result = folders.scan();
        const auto& all = result.dataset.pictures;
        QCOMPARE(all.size(), std::size_t {3});
        QCOMPARE(all[0].group, all[1].group);
        QVERIFY(all[2].group != all[0].group);
        const Problem& twice = problem(result, ProblemKind::SameFileTwice);
        QVERIFY(!twice.skipped);
        QCOMPARE(twice.path, folders.root / "cat/b.jpg");
        QCOMPARE(twice.others, std::vector<fs::path> {folders.root / "cat/a.jpg"});
    }

    void sameContentInTwoClasses()
    {
        Folders folders;
        folders.add("cat/a.jpg", "hash 0");
        folders.add("cat/b.jpg", "hash 99");
        folders.add("dog/a.jpg", "hash 0");
        folders.add("dog/c.jpg", "hash 77");
        fs::create_symlink("../cat/b.jpg", folders.root / "dog/linked.jpg");
        const ScanResult result = folders.scan();
        QCOMPARE(pictures(result), Words {"dog: dog/c.jpg"});
        QCOMPARE(
            problems(result),
            (Words {"class_left_out: cat", "same_in_two_classes: cat/a.jpg", "same_in_two_classes: cat/b.jpg",
                    "same_in_two_classes: dog/a.jpg", "same_in_two_classes: dog/linked.jpg"}));
        const Problem& both = problem(result, ProblemKind::SameInTwoClasses);
        QVERIFY(both.skipped);
        QCOMPARE(both.others, std::vector<fs::path> {folders.root / "dog/a.jpg"});
    }

    void labelsFromNames()
    {
        Folders folders;
        folders.add("cat.12.jpg", "hash 1");
        folders.add("dog_3.jpg", "hash 2");
        folders.add("sub/bird 7.jpg", "hash 3");
        folders.add("owl9.jpg", "hash 4");
        folders.add("123.jpg", "hash 5");
        const ScanResult result = folders.scan(labelledBy(LabelSource::NamePrefix));
        QCOMPARE(pictures(result),
                 (Words {"bird: sub/bird 7.jpg", "cat: cat.12.jpg", "dog: dog_3.jpg", "owl: owl9.jpg"}));
        QCOMPARE(problems(result), Words {"unlabelled: 123.jpg"});
    }

    void oneClass()
    {
        Folders folders;
        folders.add("things/1.jpg", "hash 1");
        folders.add("things/sub/2.jpg", "hash 2");
        const ScanResult result =
            scan(folders.root / "things/", labelledBy(LabelSource::OneClass), Folders::inspect, {}, {});
        QCOMPARE(pictures(result), (Words {"things: 1.jpg", "things: sub/2.jpg"}));
    }

    void labelFile_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("plain") << QByteArray("a.jpg,cat\nb.jpg,dog\nsub/c.jpg,cat\nlost.jpg,cat\n");
        QTest::newRow("titles") << QByteArray(
            "file,label\na.jpg,cat\nb.jpg,dog\nsub/c.jpg,cat\nlost.jpg,cat");
        QTest::newRow("quotes, CRLF, byte order mark") << QByteArray(
            "\xEF\xBB\xBF\"a.jpg\",\"cat\"\r\n\"b.jpg\" , dog\r\n\r\nsub/c.jpg,cat\r\nlost.jpg,\"cat\"");
        QTest::newRow("semicolons") << QByteArray(
            "image;class\na.jpg;cat\nb.jpg;dog\nsub/c.jpg;cat\nlost.jpg;cat\n");
        QTest::newRow("tabs, more columns, old Mac line ends")
            << QByteArray("a.jpg\tcat\tx\rb.jpg\tdog\ty\rsub/c.jpg\tcat\rlost.jpg\tcat\r");
    }

    void labelFile()
    {
        QFETCH(QByteArray, text);
        Folders folders;
        folders.add("a.jpg", "hash 1");
        folders.add("b.jpg", "hash 2");
        folders.add("sub/c.jpg", "hash 3");
        folders.add("unnamed.jpg", "hash 4");
        folders.add("labels.csv", text.toStdString());
        const ScanResult result = folders.scan(labelledBy(LabelSource::Csv, folders.root / "labels.csv"));
        QCOMPARE(pictures(result), (Words {"cat: a.jpg", "cat: sub/c.jpg", "dog: b.jpg"}));
        QCOMPARE(problems(result), (Words {"missing: lost.jpg", "unlabelled: unnamed.jpg"}));
    }

    void quotedCommas()
    {
        Folders folders;
        folders.add("a, b \"c\".jpg", "hash 1");
        folders.add("labels.csv", "\"a, b \"\"c\"\".jpg\",\"cats, and dogs\"\n");
        QCOMPARE(pictures(folders.scan()), Words {"cats, and dogs: a, b \"c\".jpg"});
    }

    void labelFilesThatAreWrong()
    {
        Folders folders;
        folders.add("a.jpg", "hash 1");
        folders.add("labels.csv", "a.jpg,cat\nb.jpg\n");
        QVERIFY_THROWS_EXCEPTION(Error, folders.scan());
        QVERIFY_THROWS_EXCEPTION(Error,
                                 folders.scan(labelledBy(LabelSource::Csv, folders.root / "none.csv")));
    }

    void nothingToWorkWith()
    {
        Folders folders;
        QVERIFY_THROWS_EXCEPTION(Error, folders.scan());
        folders.add("a.jpg", "hash 1");
        QVERIFY_THROWS_EXCEPTION(Error, folders.scan()); // no labels
        QVERIFY_THROWS_EXCEPTION(Error, scan(folders.root / "a.jpg", {}, Folders::inspect, {}, {}));
        QVERIFY_THROWS_EXCEPTION(Error, scan(folders.root / "none", {}, Folders::inspect, {}, {}));
        folders.add("cat/b.jpg", "damaged");
        QVERIFY_THROWS_EXCEPTION(Error, folders.scan());
    }

    void stoppingKeepsWhatWasRead()
    {
        Folders folders;
        for (int i = 0; i < 40; ++i)
            folders.add("cat/" + std::to_string(i) + ".jpg", "hash " + std::to_string(i));
        std::stop_source source;
        std::atomic<int> read = 0;
        const auto inspect = [&](const fs::path& file) {
            if (++read == 10)
                source.request_stop();
            return Folders::inspect(file);
        };
        const ScanResult result = scan(folders.root, {}, inspect, {}, source.get_token());
        QVERIFY(result.stopped);
        QCOMPARE(result.dataset.pictures.size(), std::size_t {10});
        QCOMPARE(problems(result), Words {});
        QVERIFY(scan(folders.root, {}, Folders::inspect, {}, source.get_token()).stopped);
    }

    void progressCountsUp()
    {
        Folders folders;
        for (int i = 0; i < 30; ++i)
            folders.add("cat/" + std::to_string(i) + ".jpg", "hash " + std::to_string(i));
        std::vector<Progress> seen;
        scan(folders.root, {LabelSource::Auto, {}, 4}, Folders::inspect,
             [&](const Progress& p) { seen.push_back(p); }, {});
        QCOMPARE(seen.front().what, std::string("Looking for pictures"));
        QCOMPARE(seen.back().what, std::string("Reading pictures"));
        QCOMPARE(seen.back().done, std::int64_t {30});
        QCOMPARE(seen.back().total, std::int64_t {30});
    }

    void everyNameComesBack()
    {
        for (const auto kind : {ProblemKind::NotAPicture, ProblemKind::Unlabelled, ProblemKind::ClassLeftOut})
            QVERIFY(problemKind(id(kind)) == kind);
        for (const auto each : {Side::Training, Side::Validation, Side::Test})
            QVERIFY(side(id(each)) == each);
        QVERIFY_THROWS_EXCEPTION(Error, problemKind("nonsense"));
        QVERIFY_THROWS_EXCEPTION(Error, side("nonsense"));
    }
};

QTEST_GUILESS_MAIN(TstScan)
#include "tst_scan.moc"
