#include "ui/widgets/dialogs.h"

#include "core/engine/machine.h"
#include "ui/theme.h"

#include <QAction>
#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>

#include <utility>

namespace graft::ui {

namespace {

/// Lends its name to the translations.
struct Dialogs {
    Q_DECLARE_TR_FUNCTIONS(graft::ui::Dialogs)
};

constexpr int iconSize = 48; // pixels

QMessageBox* makeBox(QWidget* window, const char* iconName, const QString& title, const QString& text)
{
    auto* box = new QMessageBox(window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowModality(Qt::WindowModal);
    box->setWindowTitle(title);
    box->setText(QStringLiteral("<b>%1</b>").arg(title.toHtmlEscaped()));
    box->setInformativeText(text);
    box->setIconPixmap(
        icon(iconName, Ink::Accent).pixmap(QSize(iconSize, iconSize), window->devicePixelRatioF()));
    return box;
}

/// `chosen` is called after the box has closed, so that it may open the next one.
void addChoice(QMessageBox* box, const QString& text, QMessageBox::ButtonRole role,
               std::function<void()> chosen)
{
    QPushButton* button = box->addButton(text, role);
    QObject::connect(box, &QMessageBox::finished, box->parentWidget(),
                     [box, button, chosen = std::move(chosen)] {
                         if (box->clickedButton() == button)
                             chosen();
                     });
}

} // namespace

void askToStop(QWidget* window, RunningJob job, int waiting, std::function<void()> stopped)
{
    const bool training = job != RunningJob::Import;
    const bool race = job == RunningJob::Race;
    const QString others = waiting > 0
        ? QLatin1Char(' ') + Dialogs::tr("%Ln waiting training(s) will not begin.", nullptr, waiting)
        : QString();
    QMessageBox* box =
        makeBox(window, training ? "train" : "pictures",
                race           ? Dialogs::tr("A race is running")
                    : training ? Dialogs::tr("A training is running")
                               : Dialogs::tr("Pictures are being read"),
                race           ? Dialogs::tr("The best model of each strategy so far can be kept.") + others
                    : training ? Dialogs::tr("Its best model so far can be kept.") + others
                               : Dialogs::tr("What has been read so far can be kept."));
    addChoice(box, training ? Dialogs::tr("Stop and keep the best") : Dialogs::tr("Stop and keep what is in"),
              QMessageBox::AcceptRole, std::move(stopped));
    box->addButton(QMessageBox::Cancel);
    box->open();
}

void askForLabels(QWidget* window, const QString& folder, std::function<void(dataset::LabelSource)> chosen)
{
    QMessageBox* box = makeBox(
        window, "folder", Dialogs::tr("“%1” has no folders inside").arg(QFileInfo(folder).fileName()),
        Dialogs::tr(
            "Graft takes each folder inside as one class. Where there is none, the names of the files can "
            "tell "
            "the classes: cat.12.jpg and cat.13.jpg would be “cat”. Or all pictures are one class for now."));
    addChoice(box, Dialogs::tr("Classes by file name"), QMessageBox::AcceptRole,
              [chosen] { chosen(dataset::LabelSource::NamePrefix); });
    addChoice(box, Dialogs::tr("All one class"), QMessageBox::AcceptRole,
              [chosen] { chosen(dataset::LabelSource::OneClass); });
    box->addButton(QMessageBox::Cancel);
    box->open();
}

void askHowToAdd(QWidget* window, const QString& folder, std::function<void(AddWay)> chosen)
{
    QMessageBox* box = makeBox(
        window, "pictures", Dialogs::tr("Add pictures to “%1”").arg(QFileInfo(folder).fileName()),
        Dialogs::tr(
            "Put the new pictures into the folders of their classes and let Graft read them again, or choose "
            "another folder with one folder for each class. Pictures that Graft knows already keep their "
            "side of the split."));
    addChoice(box, Dialogs::tr("Read the folder again"), QMessageBox::AcceptRole,
              [chosen] { chosen(AddWay::ReadAgain); });
    addChoice(box, Dialogs::tr("Choose another folder…"), QMessageBox::ActionRole,
              [chosen] { chosen(AddWay::OtherFolder); });
    box->addButton(QMessageBox::Cancel);
    box->open();
}

void askToTrustWeights(QWidget* window, const QString& file, const QString& title, bool replaces,
                       std::function<void()> trusted)
{
    QString text =
        Dialogs::tr("It fits, but it is not the official file, so Graft cannot say what it learned "
                    "from, how good it is or under which licence it stands. Models that you train "
                    "with it will say so.");
    if (replaces)
        text += QLatin1Char(' ') + Dialogs::tr("It takes the place of the weights that are here.");
    QMessageBox* box =
        makeBox(window, "warning",
                Dialogs::tr("Use “%1” for %2 all the same?").arg(QFileInfo(file).fileName(), title), text);
    addChoice(box, Dialogs::tr("Import as unofficial"), QMessageBox::AcceptRole, std::move(trusted));
    box->setDefaultButton(box->addButton(QMessageBox::Cancel)); // trust is said, not slipped into
    box->open();
}

void chooseFolder(QWidget* window, const QString& title, const QString& start,
                  std::function<void(const QString&)> chosen)
{
    auto* dialog = new QFileDialog(window, title, start);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    QObject::connect(dialog, &QFileDialog::fileSelected, window, std::move(chosen));
    dialog->open();
}

void showAbout(QWidget* window)
{
    QMessageBox* box =
        makeBox(window, "logo", Dialogs::tr("Graft %1").arg(QString::fromUtf8(engine::version())),
                Dialogs::tr("Teaches a computer to tell your own pictures apart. No code, no account, and "
                            "nothing leaves this "
                            "computer.<br><br>Free software under the GNU General Public License, version 3 "
                            "or later. It stands "
                            "on Qt, QCustomPlot, LibTorch, OpenCV and SQLite."));
    box->addButton(QMessageBox::Close);
    box->open();
}

void showShortcuts(QWidget* window)
{
    QString rows;
    const auto actions = window->findChildren<QAction*>();
    for (const QAction* action : actions) {
        if (action->shortcut().isEmpty() || action->text().isEmpty())
            continue;
        rows += QStringLiteral("<tr><td style=\"padding-right:24px\">%1</td><td>%2</td></tr>")
                    .arg(action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped(),
                         action->text().remove(QLatin1Char('&')).remove(QStringLiteral("…")).toHtmlEscaped());
    }
    QMessageBox* box = makeBox(window, "info", Dialogs::tr("Keyboard shortcuts"),
                               QStringLiteral("<table>%1</table>").arg(rows));
    box->addButton(QMessageBox::Close);
    box->open();
}

} // namespace graft::ui
