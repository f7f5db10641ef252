#include "ui/jobs/recipe_keeper.h"

#include <utility>

namespace graft::ui {

void RecipeKeeper::put(std::shared_ptr<store::Project> project, std::string recipe, int copies)
{
    const std::scoped_lock lock(m_mutex);
    m_recipes.insert_or_assign(std::move(project), Kept {std::move(recipe), copies});
}

void RecipeKeeper::write()
{
    const std::scoped_lock writing(m_writing);
    Recipes recipes;
    {
        const std::scoped_lock lock(m_mutex);
        recipes.swap(m_recipes);
    }
    for (const auto& [project, kept] : recipes) {
        project->setRecipe(kept.recipe);
        project->setCopies(kept.copies);
    }
    recipes.clear(); // before anybody who waited goes on and closes a project
}

} // namespace graft::ui
