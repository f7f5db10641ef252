#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace graft::dataset {

/// What a picture is used for. A test picture is never looked at before the last measurement.
enum class Side { Training, Validation, Test };

enum class ProblemKind {
    NotAPicture,
    Empty,
    Damaged,
    TooBig,
    Unreadable,
    Missing,
    FolderUnreadable,
    LinkLoop, ///< a link to a folder that was read already
    Unlabelled, ///< lies beside the class folders, or the label file does not name it
    SameFileTwice, ///< same content twice in one class: kept, on one side of the split
    NearDuplicate, ///< looks nearly the same: kept, on one side of the split
    SameInTwoClasses, ///< same content under two labels: all of them left out
    ClassLeftOut, ///< a class without a usable picture
};

/// Something about one file or folder that a person should know. `skipped` files are not part of the dataset.
/// No file is ever changed.
struct Problem {
    ProblemKind kind = ProblemKind::NotAPicture;
    std::filesystem::path path;
    std::string className; ///< empty where the file belongs to none
    std::string reason; ///< a sentence: "IMG_1.jpg is damaged: its second half is missing."
    bool skipped = true;
    std::vector<std::filesystem::path> others; ///< the other files of a duplicate
};

struct Picture {
    std::filesystem::path path; ///< absolute
    int label = 0; ///< index into Dataset::classes
    std::string sha256; ///< of the file's content
    std::uint64_t perceptualHash = 0;
    int width = 0; ///< as shown, after the EXIF turn
    int height = 0;
    int group = 0; ///< pictures that are (nearly) the same share a group; a group has one side
    Side side = Side::Training;
};

/// Pictures with labels, where they are on the disk. Sorted by class, then by path; classes sorted by name.
struct Dataset {
    std::filesystem::path root; ///< absolute
    std::vector<std::string> classes;
    std::vector<Picture> pictures;
    std::vector<Problem> problems;
};

/// Pictures of one class, by side.
struct ClassCount {
    int all = 0;
    int training = 0;
    int validation = 0;
    int test = 0;
};

std::vector<ClassCount> countClasses(const Dataset& dataset);

/// "not_a_picture", "same_file_twice" ...: the words of JSON.
const char* id(ProblemKind kind);
const char* id(Side side); ///< "training", "validation", "test"

/// The kind with this id; throws Error where there is none.
ProblemKind problemKind(std::string_view id);
Side side(std::string_view id);

} // namespace graft::dataset
