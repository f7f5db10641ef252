#pragma once
#include "core/base/preprocess_spec.h"
#include "ui/page.h"

class QMenu;

namespace graft::engine {
struct CopyReport;
}

namespace graft::ui {

class CopiesCard;
class CopiesStrip;
class PictureModel;
class PreviewPanel;
class RecipeEditor;
class RecipeModel;
class Session;

/// The recipe of the open project, and live what training will see of its pictures.
class AugmentPage : public Page
{
    Q_OBJECT
public:
    explicit AugmentPage(Session& session, QWidget* parent = nullptr);
    ~AugmentPage() override;

    RecipeModel& recipe() const { return *m_recipe; }

    RecipeEditor& editor() const { return *m_editor; }

    CopiesCard& copies() const { return *m_card; }

    PreviewPanel& preview() const { return *m_preview; }

    void importRecipe(const QString& file); ///< says in the message bar what is wrong with it
    void exportRecipe(const QString& file);
    /// Of all training pictures, else of the shown one.
    void saveCopies(const QString& folder, bool ofAll, int copies, bool sheets);

signals:
    void addPictures();
    void newTraining();

private:
    void makeHeader();
    QMenu* makeMenu();
    QWidget* makeBody();
    void connectAll();
    void openRecipe(); ///< the session's
    void openPictures();
    void keepRecipe();
    void showRecipe(); ///< in the preview
    void askForCopies();
    void showWritten(const engine::CopyReport& report, const QString& folder);
    void say(const QString& problem);

    Session& m_session;
    PreprocessSpec m_preprocess; ///< of the network that trains unless another is chosen
    RecipeModel* m_recipe;
    PictureModel* m_pictures;
    bool m_opening = false; ///< the recipe comes from the project and needs not be kept
    RecipeEditor* m_editor;
    PreviewPanel* m_preview;
    CopiesCard* m_card;
    CopiesStrip* m_copies;
};

} // namespace graft::ui
