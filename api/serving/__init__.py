"""What any answer needs: questions read strictly, answers cached, linked and typed."""
