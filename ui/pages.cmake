# The pages of an open project, with their models, delegates and widgets. ui/CMakeLists.txt includes this list.
find_package(QCustomPlotQt6 REQUIRED)
set(graft_page_sources
    models/answer_classes.cpp models/answer_model.cpp models/class_model.cpp models/english_plurals.cpp models/picture_model.cpp
    models/problem_model.cpp models/race_model.cpp models/race_state.cpp models/recipe_model.cpp models/share_model.cpp models/split_model.cpp models/tile_model.cpp models/train_log.cpp
    models/training_state.cpp models/words.cpp
    jobs/preview_worker.cpp
    pages/augment_page.cpp pages/pictures_page.cpp pages/race_page.cpp pages/train_page.cpp pages/try_it_page.cpp
    widgets/answer_card.cpp widgets/answers_card.cpp widgets/bar_delegate.cpp widgets/bending_row.cpp widgets/class_delegate.cpp widgets/copies_card.cpp widgets/copies_curve.cpp widgets/copies_strip.cpp widgets/curve_plot.cpp
    widgets/guesses_view.cpp widgets/image_view.cpp widgets/interval_bar.cpp widgets/label_places.cpp widgets/layer_drawing.cpp widgets/log_delegate.cpp
    widgets/model_choice.cpp widgets/op_row.cpp widgets/param_form.cpp widgets/parts.cpp widgets/picture_chooser.cpp
    widgets/picture_delegate.cpp widgets/preview_panel.cpp widgets/problems_panel.cpp widgets/race_delegate.cpp widgets/race_plot.cpp widgets/recipe_editor.cpp widgets/save_copies_dialog.cpp
    widgets/split_bar.cpp widgets/thumbnail_loader.cpp widgets/tile_grid.cpp widgets/tile_view.cpp widgets/train_bands.cpp
    widgets/try_it_empty.cpp widgets/waiting_band.cpp widgets/weights_card.cpp widgets/weights_dialog.cpp widgets/weights_foot.cpp widgets/weights_import.cpp widgets/weights_panel.cpp
    widgets/whole_recipe.cpp
    wizard/cut_chart.cpp)
set(graft_page_libraries QCustomPlotQt6::QCustomPlotQt6)
