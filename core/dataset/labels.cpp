#include "core/dataset/labels.h"

#include "core/base/error.h"
#include "core/base/file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <set>
#include <sys/stat.h>

namespace graft::dataset {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view labelFileName = "labels.csv";
constexpr std::uint64_t labelFileLimit = 256ULL << 20U;

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return result;
}

struct OtherKind {
    std::string_view what;
    std::string_view extensions; ///< each between spaces
};

/// Files that stand beside pictures in many collections. Told by their name, so that ten thousand sounds cost
/// nothing; whatever is not named here is looked into.
constexpr std::array otherKinds {
    OtherKind {"a sound", " .aac .flac .m4a .mid .mp3 .oga .ogg .opus .wav .wma "},
    OtherKind {"a film", " .avi .m4v .mkv .mov .mp4 .mpeg .mpg .ogv .webm .wmv "},
    OtherKind {"a text", " .csv .htm .html .ini .json .log .md .rst .rtf .tsv .txt .xml .yaml .yml "},
    OtherKind {"a drawing made of lines", " .ai .eps .ps .svg .svgz "},
    OtherKind {"a document", " .doc .docx .odp .ods .odt .pdf .ppt .pptx .xls .xlsx "},
    OtherKind {"an archive", " .7z .bz2 .gz .rar .tar .tgz .xz .zip "},
    OtherKind {"a program", " .bat .c .cpp .dll .exe .h .ipynb .js .py .sh .so "},
    OtherKind {"a data file", " .db .h5 .mat .npy .npz .pickle .pkl .pt .pth .safetensors .sqlite "},
};

std::optional<Problem> certainlyNoPicture(const fs::path& path, const std::string& className)
{
    const std::string extension = " " + lowered(path.extension().string()) + " ";
    if (extension.size() <= 2)
        return std::nullopt;
    for (const auto& kind : otherKinds) {
        if (kind.extensions.find(extension) != std::string_view::npos)
            return Problem {ProblemKind::NotAPicture,
                            path,
                            className,
                            path.filename().string() + " is not a picture: it is " + std::string(kind.what)
                                + ".",
                            true,
                            {}};
    }
    return std::nullopt;
}

/// Collects what one of the ways to label decides for each file.
class Collector
{
public:
    void add(const FoundFile& file, const std::string& label)
    {
        if (auto problem = certainlyNoPicture(file.path, label))
            m_labelling.problems.push_back(std::move(*problem));
        else
            m_labelling.files.push_back({file, label});
    }

    void leaveOut(ProblemKind kind, const fs::path& path, const std::string& reason)
    {
        if (auto problem = certainlyNoPicture(path, {}))
            m_labelling.problems.push_back(std::move(*problem));
        else
            m_labelling.problems.push_back(
                {kind, path, {}, path.filename().string() + " " + reason, true, {}});
    }

    /// `known`: classes that exist although no file may be in them.
    Labelling finish(const std::vector<std::string>& known)
    {
        auto& files = m_labelling.files;
        // Real files before links to them, then the first path of each.
        std::ranges::sort(files, [](const LabelledFile& a, const LabelledFile& b) {
            return std::tie(a.label, a.file.identity, a.file.link, a.file.path)
                < std::tie(b.label, b.file.identity, b.file.link, b.file.path);
        });
        const auto same = [](const LabelledFile& a, const LabelledFile& b) {
            return a.label == b.label && a.file.identity == b.file.identity;
        };
        files.erase(std::unique(files.begin(), files.end(), same), files.end());
        std::ranges::sort(files, [](const LabelledFile& a, const LabelledFile& b) {
            return std::tie(a.label, a.file.path) < std::tie(b.label, b.file.path);
        });
        std::set<std::string> classes(known.begin(), known.end());
        for (const auto& file : files)
            classes.insert(file.label);
        m_labelling.classes.assign(classes.begin(), classes.end());
        return std::move(m_labelling);
    }

private:
    Labelling m_labelling;
};

Labelling byFolder(const Walk& walk)
{
    Collector collector;
    for (const auto& file : walk.files) {
        if (file.top.empty())
            collector.leaveOut(
                ProblemKind::Unlabelled, file.path,
                "lies beside the class folders, so it belongs to none. Move it into one of them.");
        else
            collector.add(file, file.top);
    }
    return collector.finish(walk.tops);
}

Labelling byPrefix(const Walk& walk)
{
    Collector collector;
    for (const auto& file : walk.files) {
        const std::string label = namePrefix(file.path.filename().string());
        if (label.empty())
            collector.leaveOut(ProblemKind::Unlabelled, file.path,
                               "does not begin with a class name. Name it like cat_12.jpg.");
        else
            collector.add(file, label);
    }
    return collector.finish({});
}

Labelling asOneClass(const fs::path& root, const Walk& walk)
{
    Collector collector;
    for (const auto& file : walk.files)
        collector.add(file, root.filename().string());
    return collector.finish({});
}

Labelling byFile(const fs::path& root, const Walk& walk, const fs::path& labelFile)
{
    const auto rows = parseLabels(readFile(labelFile, labelFileLimit), labelFile.filename().string());
    std::map<fs::path, const FoundFile*> found;
    for (const auto& file : walk.files)
        found.emplace(file.path, &file);
    Collector collector;
    std::set<fs::path> named;
    std::set<std::string> classes;
    for (const auto& row : rows) {
        classes.insert(row.label);
        const fs::path path = (root / row.file).lexically_normal();
        named.insert(path);
        const auto entry = found.find(path);

        struct stat status {
        };

        if (entry != found.end())
            collector.add(*entry->second, row.label);
        else if (stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode))
            collector.add({path, {}, {status.st_dev, status.st_ino}, false}, row.label);
        else
            collector.leaveOut(ProblemKind::Missing, path,
                               "is named in " + labelFile.filename().string() + ", but is not there.");
    }
    for (const auto& file : walk.files) {
        if (!named.contains(file.path) && file.path != labelFile)
            collector.leaveOut(ProblemKind::Unlabelled, file.path,
                               "is not named in " + labelFile.filename().string() + ". Add a line for it.");
    }
    return collector.finish({classes.begin(), classes.end()});
}

/// Cuts a text into rows of fields.
class CsvReader
{
public:
    explicit CsvReader(std::string_view text)
        : m_text(text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text)
    {
        const std::string_view line = m_text.substr(0, m_text.find_first_of("\r\n"));
        for (const char candidate : {'\t', ';', ','}) {
            if (line.find(candidate) != std::string_view::npos)
                m_separator = candidate;
        }
    }

    /// False at the end. Empty lines come as one empty field.
    bool next(std::vector<std::string>& fields)
    {
        fields.assign(1, {});
        if (m_at >= m_text.size())
            return false;
        bool quoted = false;
        for (; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            if (c == '"' && quoted && m_at + 1 < m_text.size() && m_text[m_at + 1] == '"')
                fields.back() += m_text[++m_at];
            else if (c == '"' && (quoted || fields.back().empty()))
                quoted = !quoted;
            else if (quoted)
                fields.back() += c;
            else if (c == m_separator)
                fields.emplace_back();
            else if (c == '\n' || c == '\r')
                break;
            else
                fields.back() += c;
        }
        if (m_at < m_text.size() && m_text[m_at] == '\r')
            ++m_at;
        if (m_at < m_text.size() && m_text[m_at] == '\n')
            ++m_at;
        return true;
    }

private:
    std::string_view m_text;
    std::size_t m_at = 0;
    char m_separator = ',';
};

std::string trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    return first == std::string_view::npos
        ? std::string()
        : std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

bool isTitle(const LabelRow& row)
{
    constexpr std::array<std::string_view, 5> titles {"label", "labels", "class", "category", "classname"};
    return std::ranges::find(titles, lowered(row.label)) != titles.end();
}

} // namespace

std::string namePrefix(std::string_view fileName)
{
    return std::string(fileName.substr(0, fileName.find_first_of("0123456789._- ")));
}

std::vector<LabelRow> parseLabels(std::string_view text, const std::string& name)
{
    std::vector<LabelRow> rows;
    CsvReader reader(text);
    std::vector<std::string> fields;
    for (int line = 1; reader.next(fields); ++line) {
        if (fields.size() == 1 && trimmed(fields[0]).empty())
            continue;
        LabelRow row {trimmed(fields[0]), fields.size() > 1 ? trimmed(fields[1]) : std::string()};
        if (row.file.empty() || row.label.empty())
            throw Error(name, "has no file and label in row " + std::to_string(line),
                        "Write one row for each picture: file,label.");
        if (!rows.empty() || line > 1 || !isTitle(row))
            rows.push_back(std::move(row));
    }
    return rows;
}

Labelling label(const fs::path& root, const Walk& walk, const ScanOptions& options)
{
    switch (options.labels) {
    case LabelSource::Folders:
        return byFolder(walk);
    case LabelSource::NamePrefix:
        return byPrefix(walk);
    case LabelSource::OneClass:
        return asOneClass(root, walk);
    case LabelSource::Csv:
        return byFile(root, walk, fs::absolute(options.labelFile).lexically_normal());
    case LabelSource::Auto:
        break;
    }
    if (!walk.tops.empty())
        return byFolder(walk);
    const auto labels = std::ranges::find(walk.files, root / labelFileName, &FoundFile::path);
    if (labels != walk.files.end())
        return byFile(root, walk, labels->path);
    if (walk.files.empty())
        throw Error(root.string(), "holds no pictures",
                    "Choose a folder with one sub-folder for each class.");
    throw Error(
        root.string(), "holds files, but no sub-folders to tell the classes by",
        "Put the pictures of each class into a folder of their own, or add a file labels.csv with lines "
        "of file,label.");
}

} // namespace graft::dataset
