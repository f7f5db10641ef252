#include "ui/widgets/save_copies_dialog.h"

#include "ui/widgets/parts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QSpinBox>
#include <QVBoxLayout>

namespace graft::ui {

namespace {

constexpr int mostCopies = 100;
constexpr int usualCopies = 4;

} // namespace

SaveCopiesDialog::SaveCopiesDialog(const QString& picture, int trainingPictures, int side, QWidget* parent)
    : QDialog(parent)
    , m_trainingPictures(trainingPictures)
    , m_side(side)
    , m_pictures(new QComboBox)
    , m_copies(new QSpinBox)
    , m_sheets(new QCheckBox(tr("A contact sheet for each class, to look them over")))
    , m_count(makeLabel("muted"))
{
    setWindowTitle(tr("Save copies"));
    m_pictures->addItem(tr("all %Ln training picture(s)", nullptr, trainingPictures));
    m_pictures->addItem(tr("only %1").arg(picture));
    m_copies->setRange(1, mostCopies);
    m_copies->setValue(usualCopies);
    m_count->setWordWrap(true);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    form->addRow(tr("Copies of"), m_pictures);
    form->addRow(tr("For each picture"), m_copies);
    form->addRow(QString(), m_sheets);
    form->addRow(QString(), m_count);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    QPushButton* choose = buttons->addButton(tr("Choose folder…"), QDialogButtonBox::AcceptRole);
    choose->setDefault(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 16);
    column->setSpacing(24);
    column->addLayout(form);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_pictures, &QComboBox::currentIndexChanged, this, &SaveCopiesDialog::showCount);
    connect(m_copies, &QSpinBox::valueChanged, this, &SaveCopiesDialog::showCount);
    showCount();
}

bool SaveCopiesDialog::ofAll() const
{
    return m_pictures->currentIndex() == 0;
}

int SaveCopiesDialog::copies() const
{
    return m_copies->value();
}

bool SaveCopiesDialog::withSheets() const
{
    return m_sheets->isChecked();
}

void SaveCopiesDialog::showCount()
{
    const int files = copies() * (ofAll() ? m_trainingPictures : 1);
    m_count->setText(
        tr("%Ln PNG file(s) of %1 × %1 pixels, the draws that training sees. Your pictures stay as they are.",
           nullptr, files)
            .arg(m_side));
}

} // namespace graft::ui
