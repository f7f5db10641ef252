#include "ui/widgets/weights_import.h"

#include "ui/page.h"
#include "ui/paths.h"
#include "ui/widgets/dialogs.h"

#include <QFileDialog>
#include <QLocale>
#include <QMetaMethod>

#include <algorithm>
#include <utility>

namespace graft::ui {

WeightsImport::WeightsImport(WeightsJobs& weights, MessageBar& messages, QWidget* owner)
    : QObject(owner)
    , m_weights(weights)
    , m_messages(messages)
    , m_owner(owner)
{
    connect(&m_weights, &WeightsJobs::imported, this, &WeightsImport::showFound);
    connect(&m_weights, &WeightsJobs::failed, this,
            [this](const QString& sentence) { m_messages.display(MessageBar::Kind::Error, {}, sentence); });
}

void WeightsImport::chooseFile(const QString& id)
{
    auto* dialog = new QFileDialog(m_owner, tr("A file with network weights"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Weights (*.pth *.pt *.safetensors *.whl)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, id](const QString& file) { importFrom(file, id); });
    dialog->open();
}

void WeightsImport::chooseFolder()
{
    ui::chooseFolder(m_owner, tr("A folder or USB stick with weight files"), {},
                     [this](const QString& folder) { importFrom(folder, {}); });
}

void WeightsImport::importFrom(const QString& place, const QString& id)
{
    m_wanted = id;
    m_messages.hide(); // what it says is of the last import
    m_weights.import(place);
    emit begun();
}

void WeightsImport::showFound(const engine::FoundWeights& found)
{
    if (found.taken.empty() && found.unofficial.size() == 1 && found.problems.size() == 1) {
        askToTrust(found.unofficial.front());
        return;
    }
    QStringList names;
    for (const engine::WeightsStatus& status : found.taken)
        names += WeightsItem {.status = status}.title();
    QStringList problems;
    for (const auto& [path, reason] : found.problems)
        problems += toQString(path.filename()) + QLatin1Char(' ') + QString::fromStdString(reason);
    if (refuse(found, names, problems))
        return;
    const QString looked = tr("%Ln file(s) looked at.", nullptr, found.looked);
    if (!names.isEmpty())
        m_messages.display(problems.isEmpty() ? MessageBar::Kind::Info : MessageBar::Kind::Warning,
                           tr("%Ln network(s) imported:", nullptr, static_cast<int>(names.size())),
                           QLocale().createSeparatedList(names) + QStringLiteral(". ")
                               + problems.join(QLatin1Char(' ')));
    else if (problems.size() == 1)
        m_messages.display(MessageBar::Kind::Error, {}, problems.first());
    else if (found.stopped)
        m_messages.display(MessageBar::Kind::Info, {}, tr("Stopped. Nothing was imported."));
    else
        m_messages.display(MessageBar::Kind::Warning, tr("No weights that Graft knows were found."), looked);
    if (problems.size() > 1)
        m_messages.setDetails(problems.join(QLatin1Char('\n')));
}

bool WeightsImport::refuse(const engine::FoundWeights& found, const QStringList& names,
                           const QStringList& problems)
{
    static const QMetaMethod signal = QMetaMethod::fromSignal(&WeightsImport::refused);
    const QString wanted = std::exchange(m_wanted, {});
    if (wanted.isEmpty() || found.stopped || !isSignalConnected(signal)
        || std::ranges::find(found.taken, wanted.toStdString(), &engine::WeightsStatus::id)
            != found.taken.end())
        return false;
    const auto item = std::ranges::find_if(m_weights.items(), [&wanted](const WeightsItem& own) {
        return own.status.id == wanted.toStdString();
    });
    if (item == m_weights.items().end())
        return false;
    const QString why = !names.isEmpty() ? tr("It holds %1.").arg(QLocale().createSeparatedList(names))
                                         : problems.join(QLatin1Char(' '));
    emit refused(wanted, tr("File is not %1 weights. %2").arg(item->title(), why).trimmed());
    return true;
}

const WeightsItem* WeightsImport::placeFor(const engine::UnofficialWeights& file) const
{
    const WeightsItem* place = nullptr;
    for (const WeightsItem& item : m_weights.items()) {
        if (item.status.backbone != file.backbone)
            continue;
        if (QString::fromStdString(item.status.id) == m_wanted)
            return &item;
        if (!place || (place->isUsable() && !item.isUsable()))
            place = &item;
    }
    return place;
}

void WeightsImport::askToTrust(const engine::UnofficialWeights& file)
{
    const WeightsItem* place = placeFor(file);
    if (!place)
        return;
    const QString id = QString::fromStdString(place->status.id);
    const bool replaces = place->isUsable();
    askToTrustWeights(m_owner, toQString(file.file), place->title(), replaces, [this, id, path = file.file] {
        m_weights.importUnofficial(id, path);
        emit begun();
    });
}

} // namespace graft::ui
