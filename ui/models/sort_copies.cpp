#include "ui/models/sort_copies.h"

#include "core/base/error.h"
#include "core/base/file.h"

#include <QBuffer>
#include <QCoreApplication>

#include <algorithm>
#include <system_error>

namespace graft::ui {

namespace fs = std::filesystem;

namespace {

struct SortCopies {
    Q_DECLARE_TR_FUNCTIONS(graft::ui::SortCopies)
};

[[noreturn]] void fail(const fs::path& picture, const fs::path& folder, const std::error_code& failure)
{
    throw Error(picture.filename().string(),
                "could not be copied to " + folder.string() + ": " + describeErrno(failure.value()),
                "Make room or choose another folder; what was copied stays.");
}

void makeFolder(const fs::path& folder)
{
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        fail(folder, folder.parent_path(), failure);
}

/// Names that are not taken yet: "rose.jpg", "rose (2).jpg" ...
fs::path freeName(const fs::path& folder, const fs::path& name, int number)
{
    if (number == 1)
        return folder / name;
    fs::path numbered = name.stem();
    numbered += " (" + std::to_string(number) + ")";
    numbered += name.extension();
    return folder / numbered;
}

void copyFile(const fs::path& picture, const fs::path& folder)
{
    for (int number = 1;; ++number) {
        const fs::path target = freeName(folder, picture.filename(), number);
        std::error_code failure;
        if (fs::exists(fs::symlink_status(target, failure)))
            continue;
        // Made with O_EXCL: a file that another program makes meanwhile is not touched.
        if (fs::copy_file(picture, target, fs::copy_options::none, failure))
            return;
        if (failure == std::errc::file_exists)
            continue;
        if (failure != std::errc::no_such_file_or_directory) {
            std::error_code ignored;
            fs::remove(target, ignored); // the part that was written
        }
        fail(picture, folder, failure);
    }
}

void saveImage(const Answer& answer, const fs::path& folder)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    answer.image.save(&buffer, "PNG");
    const fs::path name = folderName(answer.name) + ".png";
    for (int number = 1;; ++number) {
        const fs::path target = freeName(folder, name, number);
        if (fs::exists(fs::symlink_status(target)))
            continue;
        writeFile(target, std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
        return;
    }
}

} // namespace

std::string folderName(const QString& className)
{
    constexpr std::size_t longest = 200; // bytes; file systems allow 255, and a number may follow
    std::string name = className.toStdString();
    std::ranges::replace_if(
        name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '/' || c == '\\'; }, '_');
    if (name.size() > longest)
        name.resize(longest);
    if (name.empty())
        return "_";
    if (name.front() == '.')
        name.front() = '_';
    return name;
}

SortReport sortCopies(const fs::path& folder, const QStringList& classes, const std::vector<Answer>& answers,
                      double threshold, const ProgressSink& progress, const std::stop_token& stop)
{
    SortReport report;
    const auto total = std::ranges::count_if(answers, &Answer::isAnswered);
    for (const Answer& answer : answers) {
        if (!answer.isAnswered())
            continue;
        if (stop.stop_requested()) {
            report.stopped = true;
            break;
        }
        const bool rejected = isRejected(answer, threshold);
        const fs::path place =
            folder / folderName(rejected ? SortCopies::tr("None of these") : classes.value(answer.best));
        makeFolder(place);
        if (answer.path.empty())
            saveImage(answer, place);
        else
            copyFile(answer.path, place);
        ++report.copied;
        progress({"Copying pictures", report.copied, total});
    }
    return report;
}

} // namespace graft::ui
