#pragma once
#include "ui/jobs/weights_jobs.h"

#include <QObject>

namespace graft::ui {

class MessageBar;

/// Imports weights from files, folders and USB sticks: asks for the place, asks whether a file that is not
/// official is to be trusted, and says in a message bar what came of it.
class WeightsImport : public QObject
{
    Q_OBJECT
public:
    /// Dialogs belong to `owner`, and so does this.
    WeightsImport(WeightsJobs& weights, MessageBar& messages, QWidget* owner);

    void chooseFile(const QString& id); ///< for these weights; empty: for any of them
    void chooseFolder();
    void importFrom(const QString& place, const QString& id);

signals:
    void begun(); ///< WeightsJobs tells the rest
    /// A file that was chosen for these weights is not theirs. Where this is connected, nothing is said in
    /// the message bar.
    void refused(const QString& id, const QString& sentence);

private:
    void showFound(const engine::FoundWeights& found);
    /// True where a card says it.
    bool refuse(const engine::FoundWeights& found, const QStringList& names, const QStringList& problems);
    void askToTrust(const engine::UnofficialWeights& file);
    const WeightsItem* placeFor(const engine::UnofficialWeights& file) const; ///< the card that would take it

    WeightsJobs& m_weights;
    MessageBar& m_messages;
    QWidget* m_owner;
    QString m_wanted; ///< the weights that a file was chosen for; empty: any
};

} // namespace graft::ui
