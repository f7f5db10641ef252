# The pages of an open project, with their models, delegates and widgets. ui/CMakeLists.txt includes this list.
find_package(QCustomPlotQt6 REQUIRED)
set(graft_page_sources
    models/answer_classes.cpp models/answer_model.cpp models/class_model.cpp models/english_plurals.cpp models/picture_model.cpp
    models/problem_model.cpp models/share_model.cpp models/train_log.cpp
    models/training_state.cpp models/words.cpp
    pages/pictures_page.cpp pages/train_page.cpp pages/try_it_page.cpp
    widgets/answer_card.cpp widgets/answers_card.cpp widgets/bar_delegate.cpp widgets/class_delegate.cpp widgets/curve_plot.cpp
    widgets/guesses_view.cpp widgets/image_view.cpp widgets/interval_bar.cpp widgets/log_delegate.cpp
    widgets/model_choice.cpp widgets/parts.cpp widgets/picture_delegate.cpp widgets/problems_panel.cpp widgets/split_bar.cpp
    widgets/thumbnail_loader.cpp widgets/train_bands.cpp widgets/try_it_empty.cpp widgets/weights_card.cpp
    widgets/weights_dialog.cpp widgets/weights_panel.cpp)
set(graft_page_libraries QCustomPlotQt6::QCustomPlotQt6)
