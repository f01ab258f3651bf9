import "./theme/theme.css";
