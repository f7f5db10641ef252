#pragma once
#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QSpinBox;

namespace graft::ui {

/// Asks which copies to save: of which pictures, how many, and whether with contact sheets.
class SaveCopiesDialog : public QDialog
{
    Q_OBJECT
public:
    SaveCopiesDialog(const QString& picture, int trainingPictures, int side, QWidget* parent = nullptr);

    bool ofAll() const; ///< training pictures, else of the shown picture
    int copies() const;
    bool withSheets() const;

private:
    void showCount();

    int m_trainingPictures;
    int m_side; ///< of a copy, pixels
    QComboBox* m_pictures;
    QSpinBox* m_copies;
    QCheckBox* m_sheets;
    QLabel* m_count;
};

} // namespace graft::ui
