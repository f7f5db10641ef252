#include "core/store/dataset_tables.h"

#include "core/base/error.h"
#include "core/store/picture_paths.h"

#include <bit>
#include <charconv>
#include <map>

namespace graft::store {

namespace {

std::map<std::string, std::string> readSettings(const Database& database)
{
    std::map<std::string, std::string> values;
    Statement rows = database.prepare("SELECT key, value FROM settings");
    while (rows.step())
        values[rows.bytes(0)] = rows.bytes(1);
    return values;
}

void readPictures(const Database& database, dataset::Dataset& into, const std::string& file)
{
    Statement classes = database.prepare("SELECT name FROM classes ORDER BY id");
    while (classes.step())
        into.classes.push_back(classes.bytes(0));
    Statement rows =
        database.prepare("SELECT path, class, sha256, perceptual_hash, width, height, duplicate_group, side"
                         " FROM pictures ORDER BY id");
    while (rows.step()) {
        dataset::Picture picture;
        picture.path = restorePath(rows.bytes(0), into.root);
        picture.label = static_cast<int>(rows.integer(1));
        if (picture.label < 0 || picture.label >= static_cast<int>(into.classes.size()))
            throw Error(file, "is damaged (a picture belongs to a class that is not there)",
                        "Your pictures are untouched: import them again.");
        picture.sha256 = rows.bytes(2);
        picture.perceptualHash = std::bit_cast<std::uint64_t>(rows.integer(3));
        picture.width = static_cast<int>(rows.integer(4));
        picture.height = static_cast<int>(rows.integer(5));
        picture.group = static_cast<int>(rows.integer(6));
        picture.side = dataset::side(rows.bytes(7));
        into.pictures.push_back(std::move(picture));
    }
}

void readProblems(const Database& database, dataset::Dataset& into)
{
    Statement rows =
        database.prepare("SELECT id, kind, path, class_name, reason, skipped FROM problems ORDER BY id");
    Statement others =
        database.prepare("SELECT path FROM problem_others WHERE problem = ? ORDER BY position");
    while (rows.step()) {
        dataset::Problem problem;
        problem.kind = dataset::problemKind(rows.bytes(1));
        problem.path = restorePath(rows.bytes(2), into.root);
        problem.className = rows.bytes(3);
        problem.reason = rows.bytes(4);
        problem.skipped = rows.integer(5) != 0;
        others.query(rows.integer(0));
        while (others.step())
            problem.others.push_back(restorePath(others.bytes(0), into.root));
        into.problems.push_back(std::move(problem));
    }
}

void writePictures(const Database& database, const dataset::Dataset& from)
{
    Statement addClass = database.prepare("INSERT INTO classes (id, name) VALUES (?, ?)");
    for (std::size_t i = 0; i < from.classes.size(); ++i)
        addClass.run(static_cast<std::int64_t>(i), Blob {from.classes[i]});
    Statement addPicture = database.prepare(
        "INSERT INTO pictures (path, class, sha256, perceptual_hash, width, height, duplicate_group, side)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (const dataset::Picture& picture : from.pictures) {
        const std::string path = storePath(picture.path, from.root);
        addPicture.run(Blob {path}, picture.label, picture.sha256,
                       std::bit_cast<std::int64_t>(picture.perceptualHash), picture.width, picture.height,
                       picture.group, dataset::id(picture.side));
    }
}

void writeProblems(const Database& database, const dataset::Dataset& from)
{
    Statement addProblem = database.prepare(
        "INSERT INTO problems (id, kind, path, class_name, reason, skipped) VALUES (?, ?, ?, ?, ?, ?)");
    Statement addOther =
        database.prepare("INSERT INTO problem_others (problem, position, path) VALUES (?, ?, ?)");
    for (std::size_t i = 0; i < from.problems.size(); ++i) {
        const dataset::Problem& problem = from.problems[i];
        const std::string path = storePath(problem.path, from.root);
        addProblem.run(static_cast<std::int64_t>(i), dataset::id(problem.kind), Blob {path},
                       Blob {problem.className}, Blob {problem.reason}, problem.skipped);
        for (std::size_t j = 0; j < problem.others.size(); ++j) {
            const std::string other = storePath(problem.others[j], from.root);
            addOther.run(static_cast<std::int64_t>(i), static_cast<std::int64_t>(j), Blob {other});
        }
    }
}

} // namespace

dataset::Dataset readDataset(const Database& database, const std::filesystem::path& project)
{
    auto settings = readSettings(database);
    dataset::Dataset dataset;
    dataset.root = findRoot({settings["root_absolute"], settings["root_relative"]}, project);
    readPictures(database, dataset, project.string());
    readProblems(database, dataset);
    return dataset;
}

dataset::SplitOptions readSplitOptions(const Database& database, const std::filesystem::path& project)
{
    const auto settings = readSettings(database);
    dataset::SplitOptions options;
    const auto number = [&](const char* key, auto& value) {
        const auto found = settings.find(key);
        if (found == settings.end())
            return;
        const std::string& text = found->second;
        if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc())
            throw Error(project.string(), std::string("is damaged (") + key + " is no number)",
                        "Your pictures are untouched: import them again.");
    };
    number("split_seed", options.seed);
    number("split_training", options.percent[0]);
    number("split_validation", options.percent[1]);
    number("split_test", options.percent[2]);
    return options;
}

void writeDataset(Database& database, const std::filesystem::path& project, const dataset::Dataset& dataset,
                  const dataset::SplitOptions& split)
{
    database.execute(
        "DELETE FROM problem_others; DELETE FROM problems; DELETE FROM pictures; DELETE FROM classes");
    Statement set = database.prepare("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)");
    const StoredRoot root = storeRoot(dataset.root, project);
    set.run("root_absolute", Blob {root.absolute});
    set.run("root_relative", Blob {root.relative});
    set.run("split_seed", std::to_string(split.seed));
    set.run("split_training", std::to_string(split.percent[0]));
    set.run("split_validation", std::to_string(split.percent[1]));
    set.run("split_test", std::to_string(split.percent[2]));
    writePictures(database, dataset);
    writeProblems(database, dataset);
}

} // namespace graft::store
