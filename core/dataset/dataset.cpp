#include "core/dataset/dataset.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace graft::dataset {

namespace {

struct KindName {
    ProblemKind kind;
    const char* id;
};

constexpr std::array kinds {
    KindName {ProblemKind::NotAPicture, "not_a_picture"},
    KindName {ProblemKind::Empty, "empty"},
    KindName {ProblemKind::Damaged, "damaged"},
    KindName {ProblemKind::TooBig, "too_big"},
    KindName {ProblemKind::Unreadable, "unreadable"},
    KindName {ProblemKind::Missing, "missing"},
    KindName {ProblemKind::FolderUnreadable, "folder_unreadable"},
    KindName {ProblemKind::LinkLoop, "link_loop"},
    KindName {ProblemKind::Unlabelled, "unlabelled"},
    KindName {ProblemKind::SameFileTwice, "same_file_twice"},
    KindName {ProblemKind::NearDuplicate, "near_duplicate"},
    KindName {ProblemKind::SameInTwoClasses, "same_in_two_classes"},
    KindName {ProblemKind::ClassLeftOut, "class_left_out"},
};

struct SideName {
    Side side;
    const char* id;
};

constexpr std::array sides {
    SideName {Side::Training, "training"},
    SideName {Side::Validation, "validation"},
    SideName {Side::Test, "test"},
};

} // namespace

std::vector<ClassCount> countClasses(const Dataset& dataset)
{
    std::vector<ClassCount> counts(dataset.classes.size());
    for (const auto& picture : dataset.pictures) {
        ClassCount& count = counts[static_cast<std::size_t>(picture.label)];
        ++count.all;
        switch (picture.side) {
        case Side::Training:
            ++count.training;
            break;
        case Side::Validation:
            ++count.validation;
            break;
        case Side::Test:
            ++count.test;
            break;
        }
    }
    return counts;
}

const char* id(ProblemKind kind)
{
    return std::ranges::find(kinds, kind, &KindName::kind)->id;
}

const char* id(Side side)
{
    return std::ranges::find(sides, side, &SideName::side)->id;
}

ProblemKind problemKind(std::string_view id)
{
    const auto found = std::ranges::find(kinds, id, &KindName::id);
    if (found == kinds.end())
        throw Error(std::string(id), "is no kind of problem that this version of Graft knows",
                    "Open the project with the version that made it.");
    return found->kind;
}

Side side(std::string_view id)
{
    const auto found = std::ranges::find(sides, id, &SideName::id);
    if (found == sides.end())
        throw Error(std::string(id), "is no side of a split", "Choose training, validation or test.");
    return found->side;
}

} // namespace graft::dataset
