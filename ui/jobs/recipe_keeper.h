#pragma once
#include "core/store/project.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace graft::ui {

/// Recipes, with their number of copies, on their way into their projects. A project is held until its recipe
/// is written. Thread-safe.
class RecipeKeeper
{
public:
    /// Returns at once; an earlier one of that project that was not written is forgotten.
    void put(std::shared_ptr<store::Project> project, std::string recipe, int copies);

    /// Writes all that was put; returns when another thread's writing has ended, too. Throws Error: what
    /// could not be written is forgotten.
    void write();

private:
    struct Kept {
        std::string recipe;
        int copies = 0;
    };

    using Recipes = std::map<std::shared_ptr<store::Project>, Kept>;

    std::mutex m_writing; // held while the disk works; taken before m_mutex
    std::mutex m_mutex; // held for moments: the GUI thread waits for it
    Recipes m_recipes; // guarded by m_mutex
};

} // namespace graft::ui
