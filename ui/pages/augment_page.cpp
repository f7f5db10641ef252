#include "ui/pages/augment_page.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/training_view.h"
#include "core/network/weights/catalogue.h"
#include "ui/models/picture_model.h"
#include "ui/models/recipe_model.h"
#include "ui/models/words.h"
#include "ui/paths.h"
#include "ui/session.h"
#include "ui/widgets/copies_card.h"
#include "ui/widgets/copies_strip.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/preview_panel.h"
#include "ui/widgets/recipe_editor.h"
#include "ui/widgets/save_copies_dialog.h"

#include <QAction>
#include <QDesktopServices>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMenu>
#include <QScopedValueRollback>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace graft::ui {

namespace {

constexpr int margin = 24; // pixels
constexpr int sideWidth = 336;

std::vector<CopiesWish::Class> trainingPictures(const dataset::Dataset& dataset)
{
    std::vector<CopiesWish::Class> classes;
    for (const std::string& name : dataset.classes)
        classes.push_back({name, {}});
    for (const dataset::Picture& picture : dataset.pictures) {
        if (picture.side == dataset::Side::Training)
            classes[static_cast<std::size_t>(picture.label)].pictures.push_back(picture.path);
    }
    return classes;
}

int trainingCount(const dataset::Dataset& dataset)
{
    return static_cast<int>(
        std::ranges::count(dataset.pictures, dataset::Side::Training, &dataset::Picture::side));
}

QFileDialog* recipeDialog(QWidget* parent, const QString& title)
{
    auto* dialog = new QFileDialog(parent, title, {}, AugmentPage::tr("Recipes (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    return dialog;
}

} // namespace

AugmentPage::AugmentPage(Session& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_preprocess(network::weightsEntries(learn::Plan().backbone).front().preprocess)
    , m_recipe(new RecipeModel(this))
    , m_pictures(new PictureModel(this))
{
    makeHeader();
    setBody(makeBody());
    connectAll();
    openRecipe();
    openPictures();
}

AugmentPage::~AugmentPage() = default;

void AugmentPage::makeHeader()
{
    setTitle(tr("Augment"));
    setSubtitle(
        tr("Make new versions of your training pictures, so the model does not learn them by heart."));
    setEmpty("augment", tr("Add pictures first: you will see here what training makes of them."),
             tr("Add pictures…"));
    QPushButton* save = makeButton("", tr("Save copies…"));
    save->setObjectName(QStringLiteral("save"));
    QPushButton* more = makeButton("", tr("Recipe"));
    more->setMenu(makeMenu());
    more->setProperty("menu", true);
    QPushButton* train = makeButton("", tr("New training…"));
    makePrimary(train, "plus");
    connect(save, &QPushButton::clicked, this, &AugmentPage::askForCopies);
    connect(train, &QPushButton::clicked, this, &AugmentPage::newTraining);
    for (QWidget* widget : {save, more, train})
        addAction(widget);
}

QMenu* AugmentPage::makeMenu()
{
    auto* menu = new QMenu(this);
    QAction* undo = m_recipe->undoStack().createUndoAction(menu);
    undo->setShortcut(QKeySequence::Undo);
    QAction* redo = m_recipe->undoStack().createRedoAction(menu);
    redo->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z));
    menu->addActions({undo, redo});
    menu->addSeparator();
    connect(menu->addAction(tr("Import recipe…")), &QAction::triggered, this, [this] {
        QFileDialog* dialog = recipeDialog(this, tr("Import a recipe"));
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, this, &AugmentPage::importRecipe);
        dialog->open();
    });
    connect(menu->addAction(tr("Export recipe…")), &QAction::triggered, this, [this] {
        QFileDialog* dialog = recipeDialog(this, tr("Export the recipe"));
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setDefaultSuffix(QStringLiteral("json"));
        dialog->selectFile(tr("recipe.json"));
        connect(dialog, &QFileDialog::fileSelected, this, &AugmentPage::exportRecipe);
        dialog->open();
    });
    QWidget::addAction(undo); // for their keys, while this page is shown
    QWidget::addAction(redo);
    return menu;
}

QWidget* AugmentPage::makeBody()
{
    m_editor = new RecipeEditor(m_recipe);
    m_editor->setFixedWidth(sideWidth);
    m_preview = new PreviewPanel(m_pictures, m_preprocess, engine::usualSeed);
    m_card = new CopiesCard(m_session);
    m_copies = new CopiesStrip;
    auto* columns = new QHBoxLayout;
    columns->setSpacing(margin);
    columns->addWidget(m_editor);
    columns->addWidget(m_preview, 1);
    auto* body = new QWidget;
    auto* rows = new QVBoxLayout(body);
    rows->setContentsMargins(margin, 0, margin, 16);
    rows->setSpacing(16);
    rows->addLayout(columns, 1);
    rows->addWidget(m_card);
    rows->addWidget(m_copies);
    return body;
}

void AugmentPage::connectAll()
{
    connect(&m_session, &Session::opened, this, [this] {
        openRecipe();
        openPictures();
    });
    for (const auto changed : {&Session::closed, &Session::datasetChanged})
        connect(&m_session, changed, this, &AugmentPage::openPictures);
    connect(this, &Page::emptyAction, this, &AugmentPage::addPictures);
    connect(m_recipe, &RecipeModel::changed, this, &AugmentPage::keepRecipe);
    connect(m_recipe, &RecipeModel::changed, this, &AugmentPage::showRecipe);
    connect(m_editor, &RecipeEditor::soloChanged, this, &AugmentPage::showRecipe);
    connect(m_preview, &PreviewPanel::showAll, this, [this] { m_editor->setSolo(0); });
    connect(m_copies, &CopiesStrip::written, this, &AugmentPage::showWritten);
    connect(m_copies, &CopiesStrip::failed, this, &AugmentPage::say);
    connect(m_card, &CopiesCard::failed, this, &AugmentPage::say);
    connect(&m_session, &Session::recipeChanged, m_card, &CopiesCard::refresh);
}

void AugmentPage::openRecipe()
{
    const QScopedValueRollback opening(m_opening, true);
    try {
        m_recipe->reset(augment::readRecipe(m_session.recipe()));
    } catch (const Error& error) { // of a newer Graft: what is kept stays until a person chooses another
        m_recipe->reset({});
        say(QString::fromUtf8(error.what()));
    }
}

void AugmentPage::openPictures()
{
    const dataset::Dataset& dataset = m_session.dataset();
    const int before = m_preview->picture();
    const std::filesystem::path shown =
        before < 0 ? std::filesystem::path() : m_pictures->picture(before).path;
    m_preview->forget();
    m_pictures->setDataset(dataset);
    const auto& pictures = dataset.pictures;
    auto found = std::ranges::find(pictures, shown, &dataset::Picture::path);
    if (found == pictures.end())
        found = std::ranges::find(pictures, dataset::Side::Training, &dataset::Picture::side);
    if (found == pictures.end())
        found = pictures.begin();
    m_preview->setPicture(pictures.empty() ? -1 : static_cast<int>(found - pictures.begin()));
    m_card->refresh();
    setState(pictures.empty() ? State::Empty : State::Normal);
}

void AugmentPage::keepRecipe()
{
    if (!m_opening)
        m_session.setRecipe(m_recipe->text());
}

void AugmentPage::showRecipe()
{
    const int place = m_recipe->place(m_editor->solo());
    if (place < 0) {
        m_preview->setRecipe(m_recipe->recipe(), {});
        return;
    }
    const augment::Step& step = m_recipe->step(static_cast<std::size_t>(place));
    m_preview->setRecipe(m_recipe->only(m_editor->solo()), coreText(augment::findOp(step.op)->title));
}

void AugmentPage::importRecipe(const QString& file)
{
    try {
        m_recipe->replace(augment::recipeFromJson(readFile(toPath(file))), tr("import a recipe"));
        messages()->hide();
    } catch (const Error& error) {
        say(QString::fromUtf8(error.what()));
    }
}

void AugmentPage::exportRecipe(const QString& file)
{
    try {
        writeFile(toPath(file), augment::toJson(m_recipe->recipe()) + '\n');
    } catch (const Error& error) {
        say(QString::fromUtf8(error.what()));
    }
}

void AugmentPage::askForCopies()
{
    if (state() != State::Normal || m_copies->isWriting())
        return;
    auto* dialog = new SaveCopiesDialog(m_pictures->name(m_preview->picture()),
                                        trainingCount(m_session.dataset()), m_preprocess.crop, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const bool ofAll = dialog->ofAll();
        const int copies = dialog->copies();
        const bool sheets = dialog->withSheets();
        chooseFolder(this, tr("Where should the copies be saved?"), {},
                     [=, this](const QString& folder) { saveCopies(folder, ofAll, copies, sheets); });
    });
    dialog->open();
}

void AugmentPage::saveCopies(const QString& folder, bool ofAll, int copies, bool sheets)
{
    CopiesWish wish {toPath(folder), {}, m_recipe->recipe(), m_preprocess, engine::usualSeed, copies, sheets};
    if (ofAll) {
        wish.classes = trainingPictures(m_session.dataset());
    } else {
        const dataset::Picture& picture = m_pictures->picture(m_preview->picture());
        wish.classes = {
            {m_session.dataset().classes[static_cast<std::size_t>(picture.label)], {picture.path}}};
    }
    messages()->hide();
    m_copies->write(wish);
}

void AugmentPage::showWritten(const engine::CopyReport& report, const QString& folder)
{
    const auto files = static_cast<int>(report.written.size());
    const auto problems = static_cast<int>(report.problems.size());
    const QString saved = report.stopped ? tr("Stopped after %Ln saved file(s).", nullptr, files)
                                         : tr("%Ln file(s) saved.", nullptr, files);
    messages()->display(problems > 0 ? MessageBar::Kind::Warning : MessageBar::Kind::Info, saved,
                        problems > 0 ? tr("%Ln picture(s) could not be read.", nullptr, problems)
                                     : tr("Your pictures stay as they are."));
    if (problems > 0) {
        QStringList reasons;
        for (const engine::PictureProblem& problem : report.problems)
            reasons += QString::fromStdString(problem.reason);
        messages()->setDetails(reasons.join(QLatin1Char('\n')));
    }
    connect(messages()->addButton(tr("Show folder")), &QPushButton::clicked, this,
            [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
}

void AugmentPage::say(const QString& problem)
{
    messages()->display(MessageBar::Kind::Error, {}, problem);
}

} // namespace graft::ui
