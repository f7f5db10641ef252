#include "ui/widgets/waiting_band.h"

#include "ui/models/words.h"
#include "ui/widgets/parts.h"

#include <QHBoxLayout>
#include <QPushButton>

#include <memory>

namespace graft::ui {

WaitingBand::WaitingBand(QWidget* parent)
    : QFrame(parent)
    , m_rows(new QVBoxLayout(this))
{
    setProperty("card", true);
    m_rows->setContentsMargins(16, 6, 8, 6);
    m_rows->setSpacing(0);
    hide();
}

void WaitingBand::setWaiting(const QList<WaitingTraining>& waiting)
{
    while (const std::unique_ptr<QLayoutItem> item {m_rows->takeAt(0)}) {
        item->widget()->hide();
        item->widget()->deleteLater(); // its button may be what called
    }
    for (const WaitingTraining& training : waiting) {
        const QString what =
            (training.raceMinutes ? tr("Waiting: race on %2, %1 each") : tr("Waiting: %1 on %2"))
                .arg(training.raceMinutes ? tr("%Ln minute(s)", nullptr, *training.raceMinutes)
                                          : strategyTitle(training.plan),
                     backboneTitle(training.plan));
        QPushButton* remove = makeFlatButton(tr("Remove"));
        remove->setAccessibleName(tr("Remove. %1").arg(what));
        connect(remove, &QPushButton::clicked, this, [this, id = training.id] { emit removed(id); });
        auto* row = new QWidget;
        auto* columns = new QHBoxLayout(row);
        columns->setContentsMargins(0, 0, 0, 0);
        columns->addWidget(makeLabel("", what), 1);
        columns->addWidget(remove);
        m_rows->addWidget(row);
    }
    setVisible(!waiting.isEmpty());
}

} // namespace graft::ui
