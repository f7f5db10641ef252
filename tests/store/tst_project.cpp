#include "core/base/error.h"
#include "core/base/file.h"
#include "core/learn/json.h"
#include "core/store/project.h"

#include <QtTest>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace graft;
using namespace graft::store;
namespace fs = std::filesystem;

namespace {

dataset::Picture picture(const fs::path& path, int label, dataset::Side side, std::uint64_t hash = 5)
{
    return {path, label, sha256(path.filename().native()), hash, 640, 480, label + 3, side};
}

/// With names that hold what names may hold: spaces, quotes, a line break, bytes that are no UTF-8.
dataset::Dataset strange(const fs::path& root)
{
    dataset::Dataset data;
    data.root = root;
    data.classes = {"a 'b\" c", "caf\xC3\xA9", std::string("\xFF\xFE raw", 6)};
    const fs::path odd = root / data.classes[2] / "x\ny\x80%20?#.jpg";
    data.pictures = {picture(root / data.classes[0] / "1.jpg", 0, dataset::Side::Training),
                     picture(root / data.classes[1] / "2 .jpg", 1, dataset::Side::Validation),
                     picture(odd, 2, dataset::Side::Test, 0xFEDCBA9876543210U)};
    data.problems = {
        {dataset::ProblemKind::NearDuplicate,
         odd,
         data.classes[2],
         "Looks like another.",
         false,
         {root / "a" / "1.jpg", root / "a" / "2.jpg"}},
        {dataset::ProblemKind::Empty, "/elsewhere/0.jpg", "", "0.jpg is empty (0 bytes).", true, {}}};
    return data;
}

void compare(const dataset::Dataset& found, const dataset::Dataset& wanted)
{
    QCOMPARE(found.root, wanted.root);
    QCOMPARE(found.classes, wanted.classes);
    QCOMPARE(found.pictures.size(), wanted.pictures.size());
    for (std::size_t i = 0; i < found.pictures.size(); ++i) {
        const dataset::Picture& a = found.pictures[i];
        const dataset::Picture& b = wanted.pictures[i];
        QCOMPARE(a.path, b.path);
        QCOMPARE(a.label, b.label);
        QCOMPARE(a.sha256, b.sha256);
        QCOMPARE(a.perceptualHash, b.perceptualHash);
        QCOMPARE(a.width, b.width);
        QCOMPARE(a.height, b.height);
        QCOMPARE(a.group, b.group);
        QCOMPARE(a.side, b.side);
    }
    QCOMPARE(found.problems.size(), wanted.problems.size());
    for (std::size_t i = 0; i < found.problems.size(); ++i) {
        const dataset::Problem& a = found.problems[i];
        const dataset::Problem& b = wanted.problems[i];
        QCOMPARE(a.kind, b.kind);
        QCOMPARE(a.path, b.path);
        QCOMPARE(a.className, b.className);
        QCOMPARE(a.reason, b.reason);
        QCOMPARE(a.skipped, b.skipped);
        QCOMPARE(a.others, b.others);
    }
}

/// Everything that lies in a folder, by name.
std::vector<std::string> entries(const fs::path& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

QString errorOf(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return QStringLiteral("(no error)");
}

void overwrite(const fs::path& file, std::uint64_t at, const std::string& bytes)
{
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(static_cast<std::streamoff>(at));
    stream << bytes;
}

/// Runs `work` in a process of its own that ends without any clean-up, and returns its exit code.
int inDyingProcess(const std::function<int()>& work)
{
    const pid_t child = fork();
    if (child == 0) {
        int code = 99;
        try {
            code = work();
        } catch (const std::exception& error) {
            std::fprintf(stderr, "%s\n", error.what());
        }
        _exit(code);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// For this process only: a disk of 400 kB over `folder`.
bool mountSmallDisk(const std::string& folder)
{
    const bool root = geteuid() == 0;
    const std::string user = "0 " + std::to_string(geteuid()) + " 1";
    const std::string group = "0 " + std::to_string(getegid()) + " 1";
    if (unshare(root ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0)
        return false;
    if (!root) {
        std::ofstream("/proc/self/setgroups") << "deny";
        std::ofstream("/proc/self/uid_map") << user;
        std::ofstream("/proc/self/gid_map") << group;
    }
    return mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
        && mount("none", folder.c_str(), "tmpfs", 0, "size=400k") == 0;
}

} // namespace

class TestProject : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void keepsADataset();
    void anotherImportReplacesTheFirst();
    void newProjectIsEmpty();
    void movesWithItsPictures();
    void movesWithoutItsPictures();
    void storesAbsolutePathsWhereOnlyTheRootIsShared();
    void secondWriterIsRefused();
    void writerInAnotherProcessIsNamed();
    void readsWhileSomeoneWrites();
    void readerCannotWrite();
    void opensWhatIsNoProject_data();
    void opensWhatIsNoProject();
    void createRefusesAForeignFolder();
    void damagedFile_data();
    void damagedFile();
    void runLivesItsLife();
    void latestModelPrefersFinished();
    void recommendedRunAnswersUntilANewerOne();
    void interruptedRunFails();
    void interruptedRunWithoutRoom();
    void runningRunRuns();
    void recipeIsKept();
    void killedChangeIsUndone();
    void fullDiskKeepsWhatWasThere_data();
    void fullDiskKeepsWhatWasThere();
    void fullDiskEndsTheRun_data();
    void fullDiskEndsTheRun();
    void readOnlyFolder();

private:
    fs::path folder() const { return fs::path(m_dir->path().toStdString()) / "Garden flowers.graft"; }

    fs::path pictures() const { return fs::path(m_dir->path().toStdString()) / "pictures"; }

    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestProject::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(m_dir->isValid());
    fs::create_directories(pictures());
}

void TestProject::keepsADataset()
{
    const dataset::Dataset data = strange(pictures());
    {
        Project project = Project::create(folder());
        QCOMPARE(project.folder(), folder());
        QCOMPARE(project.name(), std::string("Garden flowers"));
        project.setDataset(data, {18446744073709551615U, {80, 5, 15}});
        compare(project.dataset(), data);
    }
    const Project project = Project::open(folder() / "", Access::Read);
    compare(project.dataset(), data);
    QCOMPARE(project.splitOptions().seed, 18446744073709551615U);
    QCOMPARE(project.splitOptions().percent, (std::array<int, 3> {80, 5, 15}));
    QCOMPARE(project.name(), std::string("Garden flowers"));
}

void TestProject::anotherImportReplacesTheFirst()
{
    Project project = Project::create(folder());
    project.setDataset(strange(pictures()), {});
    dataset::Dataset second;
    second.root = pictures();
    second.classes = {"only"};
    second.pictures = {picture(pictures() / "only" / "1.png", 0, dataset::Side::Test)};
    project.setDataset(second, {});
    compare(project.dataset(), second);
}

void TestProject::newProjectIsEmpty()
{
    const Project project = Project::create(folder());
    compare(project.dataset(), {});
    QCOMPARE(project.splitOptions().percent, (std::array<int, 3> {70, 15, 15}));
    QVERIFY(project.runs().empty());
    QVERIFY(!project.latestModel());
    QVERIFY(isProject(folder()));
    QCOMPARE(project.cacheFolder(), folder() / "cache");
    QVERIFY(fs::is_directory(folder() / "cache"));
}

void TestProject::movesWithItsPictures()
{
    Project::create(folder()).setDataset(strange(pictures()), {});
    const fs::path home = m_dir->path().toStdString();
    fs::create_directories(home / "usb");
    fs::rename(folder(), home / "usb" / folder().filename());
    fs::rename(pictures(), home / "usb" / "pictures");
    compare(Project::open(home / "usb" / folder().filename(), Access::Write).dataset(),
            strange(home / "usb" / "pictures"));
}

void TestProject::movesWithoutItsPictures()
{
    Project::create(folder()).setDataset(strange(pictures()), {});
    const fs::path elsewhere = fs::path(m_dir->path().toStdString()) / "deep" / "down" / "P.graft";
    fs::create_directories(elsewhere.parent_path());
    fs::rename(folder(), elsewhere);
    compare(Project::open(elsewhere, Access::Read).dataset(), strange(pictures()));
}

void TestProject::storesAbsolutePathsWhereOnlyTheRootIsShared()
{
    Project project = Project::create(folder());
    const dataset::Dataset data = strange("/nowhere-else/pictures");
    project.setDataset(data, {});
    compare(project.dataset(), data);
}

void TestProject::secondWriterIsRefused()
{
    auto first = std::make_unique<Project>(Project::create(folder()));
    const QString error = errorOf([&] { Project::open(folder(), Access::Write); });
    QVERIFY2(error.contains(u"This project is open in another window"), qPrintable(error));
    QVERIFY2(error.contains(QStringLiteral("process %1").arg(getpid())), qPrintable(error));
    QVERIFY(errorOf([&] { Project::create(folder()); }).contains(u"open in another window"));
    first.reset();
    Project::open(folder(), Access::Write);
}

void TestProject::writerInAnotherProcessIsNamed()
{
    Project::create(folder());
    std::array<int, 2> ready {};
    std::array<int, 2> done {};
    QVERIFY(pipe(ready.data()) == 0 && pipe(done.data()) == 0);
    const pid_t child = fork();
    if (child == 0) {
        close(done[1]);
        char byte = 0;
        try {
            const Project project = Project::open(folder(), Access::Write);
            (void)!write(ready[1], "!", 1);
            (void)!read(done[0], &byte, 1);
        } catch (const Error&) {
        }
        _exit(0);
    }
    close(ready[1]);
    char byte = 0;
    QCOMPARE(read(ready[0], &byte, 1), 1);
    const QString error = errorOf([&] { Project::open(folder(), Access::Write); });
    close(done[1]);
    waitpid(child, nullptr, 0);
    close(ready[0]);
    close(done[0]);
    QVERIFY2(error.contains(QStringLiteral("tst_project, process %1").arg(child)), qPrintable(error));
    Project::open(folder(), Access::Write);
}

void TestProject::readsWhileSomeoneWrites()
{
    Project writer = Project::create(folder());
    const Project reader = Project::open(folder(), Access::Read);
    writer.setDataset(strange(pictures()), {});
    compare(reader.dataset(), strange(pictures()));
    QCOMPARE(writer.addRun({}).id, std::string("run-1"));
    QCOMPARE(reader.runs().size(), 1U);
}

void TestProject::readerCannotWrite()
{
    Project::create(folder());
    Project reader = Project::open(folder(), Access::Read);
    QVERIFY_THROWS_EXCEPTION(Error, reader.setDataset({}, {}));
    QVERIFY_THROWS_EXCEPTION(Error, reader.addRun({}));
    QVERIFY_THROWS_EXCEPTION(Error, reader.updateRun(RunRecord()));
}

void TestProject::opensWhatIsNoProject_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("a folder of pictures") << "pictures";
    QTest::newRow("nothing") << "nothing";
    QTest::newRow("a file") << "file";
}

void TestProject::opensWhatIsNoProject()
{
    QFETCH(QString, name);
    const fs::path home = m_dir->path().toStdString();
    writeFile(home / "file", "text");
    const auto before = entries(home);
    const fs::path where = home / name.toStdString();
    for (const Access access : {Access::Read, Access::Write}) {
        const QString error = errorOf([&] { Project::open(where, access); });
        QVERIFY2(error.contains(u"is no project of Graft"), qPrintable(error));
    }
    QCOMPARE(entries(home), before);
    QVERIFY(entries(pictures()).empty());
}

void TestProject::createRefusesAForeignFolder()
{
    writeFile(pictures() / "1.jpg", "picture");
    QVERIFY(errorOf([&] { Project::create(pictures()); }).contains(u"holds other files"));
    QCOMPARE(entries(pictures()), std::vector<std::string> {"1.jpg"});
    QVERIFY_THROWS_EXCEPTION(Error, Project::create(pictures() / "1.jpg" / "P.graft"));
}

void TestProject::damagedFile_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("empty") << 0 << "is damaged";
    QTest::newRow("garbage") << 1 << "is damaged";
    QTest::newRow("cut in the middle") << 2 << "is damaged";
    QTest::newRow("cut inside the first page") << 3 << "is damaged";
    QTest::newRow("pages overwritten") << 4 << "is damaged";
    QTest::newRow("another program's database") << 5 << "is damaged";
    QTest::newRow("newer version") << 6 << "was made by a newer Graft (format 9999";
    QTest::newRow("version 0") << 7 << "is damaged";
}

void TestProject::damagedFile()
{
    QFETCH(int, kind);
    QFETCH(QString, sentence);
    dataset::Dataset data = strange(pictures());
    for (int i = 0; i < 500; ++i)
        data.pictures.push_back(
            picture(pictures() / ("p" + std::to_string(i) + ".jpg"), i % 3, dataset::Side::Training));
    Project::create(folder()).setDataset(data, {});
    const fs::path file = folder() / "project.sqlite";
    QVERIFY(!fs::exists(folder() / "project.sqlite-wal")); // all is in the one file that is damaged now
    const auto size = fs::file_size(file);
    QVERIFY(size > 32768);
    constexpr std::uint64_t versionAt = 60; // sqlite.org/fileformat.html
    constexpr std::uint64_t applicationAt = 68;
    if (kind == 0)
        fs::resize_file(file, 0);
    else if (kind == 1)
        writeFile(file, std::string(5000, 'x'));
    else if (kind == 2)
        fs::resize_file(file, size / 2);
    else if (kind == 3)
        fs::resize_file(file, 50);
    else if (kind == 4)
        overwrite(file, 4096, std::string(size - 8192, '\xA5'));
    else if (kind == 5)
        overwrite(file, applicationAt, "Abcd");
    else
        overwrite(file, versionAt, kind == 6 ? std::string("\x00\x00\x27\x0F", 4) : std::string(4, '\0'));
    const std::string damaged = readFile(file);
    for (const Access access : {Access::Read, Access::Write}) {
        const QString error = errorOf([&] { Project::open(folder(), access); });
        QVERIFY2(error.contains(sentence), qPrintable(error));
        QVERIFY2(error.contains(kind == 6 ? u"Nothing was changed" : u"Your pictures are untouched"),
                 qPrintable(error));
    }
    QVERIFY(readFile(file) == damaged); // nothing was repaired behind the user's back
}

void TestProject::runLivesItsLife()
{
    learn::Plan plan;
    plan.learningRate = 0.03;
    plan.seed = 18446744073709551615U;
    RunRecord run;
    {
        Project project = Project::create(folder());
        run = project.addRun(plan);
        QCOMPARE(run.id, std::string("run-1"));
        QVERIFY(run.state == RunState::Running);
        QCOMPARE(project.addRun({}).id, std::string("run-2"));
        QCOMPARE(learn::planFromJson(readFile(project.runFolder("run-1") / "plan.json")), plan);
        QCOMPARE(project.modelFile("run-1"), folder() / "runs" / "run-1" / "model.safetensors");

        run.state = RunState::Finished;
        run.hasModel = true;
        run.result.device = "CPU, 2 threads";
        run.result.precision = "bfloat16";
        run.result.seconds = 1.25;
        run.result.imagesPerSecond = 1.0 / 3.0;
        run.result.epochs = 2;
        run.result.bestEpoch = 1;
        run.result.history = {{1, 2, 0.5, 0.75, 0.25, 0.875, 0.01, true, 0.125},
                              {2, 2, 0.1, 0.8, 0.3, 0.85, 0.001, false, 0.25}};
        run.result.validation = ConfusionMatrix(2);
        run.result.validation.add(0, 1);
        run.result.test = ConfusionMatrix(2);
        for (int i = 0; i < 40; ++i)
            run.result.test.add(1, i % 2);
        project.updateRun(run);
        const auto fromFile = learn::runResultFromJson(readFile(project.runFolder("run-1") / "result.json"));
        QVERIFY(fromFile.test == run.result.test);
        RunRecord unknown;
        unknown.id = "run-7";
        QVERIFY_THROWS_EXCEPTION(Error, project.updateRun(unknown));
    }
    const Project project = Project::open(folder(), Access::Read);
    for (const char* name : {"run-1", "1"}) {
        const RunRecord found = project.run(name);
        QCOMPARE(found.id, run.id);
        QCOMPARE(found.created, run.created);
        QVERIFY(found.state == RunState::Finished);
        QCOMPARE(found.plan, plan);
        QVERIFY(found.hasModel);
        QCOMPARE(found.result.device, run.result.device);
        QCOMPARE(found.result.imagesPerSecond, run.result.imagesPerSecond);
        QCOMPARE(found.result.bestEpoch, 1);
        QCOMPARE(found.result.history.size(), 2U);
        QCOMPARE(found.result.history[1].validationLoss, 0.3);
        QCOMPARE(found.result.history[0].best, true);
        QVERIFY(found.result.validation == run.result.validation);
        QVERIFY(found.result.test == run.result.test);
    }
    for (const char* name : {"run-3", "", "run-", "-1", "run-1x", "99999999999999999999"})
        QVERIFY2(errorOf([&] { project.run(name); }).contains(u"run-1, run-2"), name);
}

void TestProject::latestModelPrefersFinished()
{
    Project project = Project::create(folder());
    const auto add = [&](RunState state, bool hasModel) {
        RunRecord run = project.addRun({});
        run.state = state;
        run.hasModel = hasModel;
        project.updateRun(run);
    };
    add(RunState::Failed, false);
    QVERIFY(!project.latestModel());
    add(RunState::Stopped, true);
    QCOMPARE(project.latestModel()->id, std::string("run-2"));
    add(RunState::Finished, true);
    add(RunState::Finished, true);
    add(RunState::Stopped, true);
    add(RunState::Stopped, false);
    QCOMPARE(project.latestModel()->id, std::string("run-4"));
}

void TestProject::recommendedRunAnswersUntilANewerOne()
{
    Project project = Project::create(folder());
    const auto add = [&](RunState state, bool hasModel) {
        RunRecord run = project.addRun({});
        run.state = state;
        run.hasModel = hasModel;
        project.updateRun(run);
    };
    for (int i = 0; i < 4; ++i)
        add(RunState::Finished, true);
    project.recommendRun("run-2");
    QCOMPARE(project.latestModel()->id, std::string("run-2"));
    add(RunState::Failed, false);
    add(RunState::Stopped, true); // as without a recommendation, finished ones come first
    QCOMPARE(project.latestModel()->id, std::string("run-2"));
    add(RunState::Finished, true);
    QCOMPARE(project.latestModel()->id, std::string("run-7"));
    project.recommendRun("run-6");
    QCOMPARE(project.latestModel()->id, std::string("run-6"));
    project.recommendRun("run-5"); // has no model
    QCOMPARE(project.latestModel()->id, std::string("run-7"));
}

void TestProject::interruptedRunFails()
{
    Project::create(folder());
    QCOMPARE(inDyingProcess([&] {
                 Project project = Project::open(folder(), Access::Write);
                 project.addRun({});
                 _exit(7); // as after a kill: nothing is put in order
                 return 0;
             }),
             7);
    const std::string ended = "The program ended before this training was finished.";
    const std::string before = readFile(folder() / "project.sqlite");
    QCOMPARE(Project::open(folder(), Access::Read).run("1").problem, ended);
    QVERIFY(readFile(folder() / "project.sqlite") == before); // a reader changes nothing
    const Project project = Project::open(folder(), Access::Write);
    QVERIFY(project.run("1").state == RunState::Failed);
    QCOMPARE(project.run("1").problem, ended);
}

/// What cannot be written down for people to read is no reason not to open the project.
void TestProject::interruptedRunWithoutRoom()
{
    inDyingProcess([&] {
        Project project = Project::create(folder());
        project.addRun({});
        fs::create_directory(project.runFolder("run-1") / "result.json");
        _exit(0);
        return 0;
    });
    QVERIFY(Project::open(folder(), Access::Write).run("1").state == RunState::Failed);
    QVERIFY(Project::open(folder(), Access::Read).run("1").state == RunState::Failed);
}

/// A reader believes whoever is still there.
void TestProject::runningRunRuns()
{
    Project project = Project::create(folder());
    project.addRun({});
    QVERIFY(Project::open(folder(), Access::Read).run("1").state == RunState::Running);
}

void TestProject::recipeIsKept()
{
    const std::string recipe = "{\"steps\": []}";
    {
        Project project = Project::create(folder());
        QCOMPARE(project.recipe(), std::string("none"));
        project.setRecipe(recipe);
        QVERIFY(project.copies() > 0);
        project.setCopies(17);
        project.setDataset(strange(pictures()), {}); // a new import leaves it alone
    }
    QCOMPARE(Project::open(folder(), Access::Write).recipe(), recipe);
    Project reader = Project::open(folder(), Access::Read);
    QCOMPARE(reader.recipe(), recipe);
    QCOMPARE(reader.copies(), 17);
    QVERIFY(errorOf([&] { reader.setCopies(3); }).contains(u"reading only"));
    QVERIFY(errorOf([&] { reader.setRecipe("none"); }).contains(u"reading only"));
}

void TestProject::killedChangeIsUndone()
{
    const dataset::Dataset before = strange(pictures());
    Project::create(folder()).setDataset(before, {});
    dataset::Dataset after = before;
    for (int i = 0; i < 20'000; ++i)
        after.pictures.push_back(picture(pictures() / std::to_string(i), 0, dataset::Side::Training));
    const pid_t child = fork();
    if (child == 0) {
        try {
            Project project = Project::open(folder(), Access::Write);
            for (;;) { // for as long as it lives
                project.setDataset(after, {});
                project.setDataset(before, {});
            }
        } catch (const Error&) {
        }
        _exit(0);
    }
    QTest::qWait(150); // it has to be somewhere in the middle, wherever that is
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const auto found = Project::open(folder(), Access::Write).dataset().pictures.size();
    QVERIFY(found == before.pictures.size() || found == after.pictures.size());
}

void TestProject::fullDiskKeepsWhatWasThere_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("no room left") << 0 << "the disk is full";
    QTest::newRow("a limit of this user") << 1 << "your share of the disk is used up";
}

// In a child, which has a disk of 400 kB, or a limit for each file, to itself.
void TestProject::fullDiskKeepsWhatWasThere()
{
    QFETCH(int, kind);
    QFETCH(QString, sentence);
    constexpr int cannotMount = 77;
    const dataset::Dataset before = strange(pictures());
    dataset::Dataset after = before;
    for (int i = 0; i < 5'000; ++i)
        after.pictures.push_back(picture(pictures() / std::to_string(i), 0, dataset::Side::Training));
    const int code = inDyingProcess([&] {
        if (kind == 0 && !mountSmallDisk(m_dir->path().toStdString()))
            return cannotMount;
        Project project = Project::create(folder());
        project.setDataset(before, {});
        const rlimit limit {100'000, 100'000}; // bytes
        std::signal(SIGXFSZ, SIG_IGN);
        if (kind == 1 && setrlimit(RLIMIT_FSIZE, &limit) != 0)
            return 2;
        const QString error = errorOf([&] { project.setDataset(after, {}); });
        if (!error.contains(sentence))
            return std::fprintf(stderr, "%s\n", qPrintable(error)), 3;
        if (project.dataset().pictures.size() != before.pictures.size())
            return 4;
        return 0;
    });
    if (code == cannotMount)
        QSKIP("This machine lets nobody mount a small disk of his own.");
    QCOMPARE(code, 0);
}

/// A run never stays "running" because its end found no room.
void TestProject::fullDiskEndsTheRun_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("no room left") << 0 << "the disk is full";
    QTest::newRow("a limit of this user") << 1 << "could not be written";
}

void TestProject::fullDiskEndsTheRun()
{
    QFETCH(int, kind);
    QFETCH(QString, sentence);
    constexpr int cannotMount = 77;
    const int code = inDyingProcess([&] {
        if (kind == 0 && !mountSmallDisk(m_dir->path().toStdString()))
            return cannotMount;
        const fs::path filler = m_dir->path().toStdString() + "/filler";
        rlimit before {};
        getrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, SIG_IGN);
        {
            Project project = Project::create(folder());
            RunRecord run = project.addRun({});
            run.state = RunState::Finished;
            run.result.history.resize(2000);
            const rlimit limit {1, before.rlim_max}; // bytes
            if (kind == 1 && setrlimit(RLIMIT_FSIZE, &limit) != 0)
                return 2;
            if (kind == 0)
                std::ofstream(filler) << std::string(400'000, 'x');
            const QString error = errorOf([&] { project.updateRun(run); });
            if (!error.contains(sentence))
                return std::fprintf(stderr, "%s\n", qPrintable(error)), 3;
            const RunRecord found = project.run("1");
            if (found.state != RunState::Failed || found.problem != error.toStdString())
                return std::fprintf(stderr, "%s: %s\n", id(found.state), found.problem.c_str()), 4;
            if (project.runs().at(0).state != RunState::Failed)
                return 5;
            setrlimit(RLIMIT_FSIZE, &before);
        }
        const RunRecord after =
            Project::open(folder(), Access::Read).run("1"); // with no room still, where kind is 0
        if (after.state != RunState::Failed || !QString::fromStdString(after.problem).contains(sentence))
            return std::fprintf(stderr, "%s: %s\n", id(after.state), after.problem.c_str()), 6;
        return 0;
    });
    if (code == cannotMount)
        QSKIP("This machine lets nobody mount a small disk of his own.");
    QCOMPARE(code, 0);
}

void TestProject::readOnlyFolder()
{
    Project::create(folder()).setDataset(strange(pictures()), {});
    for (const auto& entry : fs::recursive_directory_iterator(folder()))
        if (entry.is_regular_file())
            fs::permissions(entry, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
    fs::permissions(folder(),
                    fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read
                        | fs::perms::others_exec);
    fs::permissions(m_dir->path().toStdString(), fs::perms::all);
    const int code = inDyingProcess([&] {
        constexpr uid_t nobody = 65534;
        if (geteuid() == 0 && (setgid(nobody) != 0 || setuid(nobody) != 0)) // rights do not bind root
            return 2;
        if (Project::open(folder(), Access::Read).dataset().pictures.size() != 3)
            return 3;
        const QString error = errorOf([&] { Project::open(folder(), Access::Write); });
        return error.contains(u"no right") ? 0 : (std::fprintf(stderr, "%s\n", qPrintable(error)), 4);
    });
    fs::permissions(folder(), fs::perms::all);
    QCOMPARE(code, 0);
}

QTEST_APPLESS_MAIN(TestProject)
#include "tst_project.moc"
