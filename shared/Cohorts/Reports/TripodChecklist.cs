using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Protocols;
using BoneMet.Cohorts.Studies;

namespace BoneMet.Cohorts.Reports;

/// <summary>The 27 items of TRIPOD+AI (Collins et al., BMJ 2024;385:e078378), answered from the run where it can; null is for the authors.</summary>
internal static class TripodChecklist
{
    public static IEnumerable<(string Item, string Topic, string? Text)> Fill(StudyResult result, string source)
    {
        var model = result.Model ?? throw new ArgumentException("The study has no model.", nameof(result));
        var protocol = model.Cohort.Protocol;
        var json = result.Json;
        var n = model.Outcome.Length;
        var parameters = model.Design.Columns.Count;
        var corrected = json["validate"]?["c_corrected"];
        yield return ("1", "Title", $"Development{(corrected is null ? "" : " and internal validation")} of a logistic model for {model.Cohort.Outcome.Name} in {n} subjects.");
        yield return ("2", "Abstract", null);
        yield return ("3a–c", "Background: context, target population, health inequalities", null);
        yield return ("4", "Objectives", $"To predict {model.Cohort.Outcome.Name} = {model.Cohort.Outcome.Event} from {model.Design.Terms.Count} factors; {(corrected is null ? "development only" : "development with internal validation")}.");
        yield return ("5a", "Data: source", $"{source}, {model.Cohort.Table.Rows} rows, SHA-256 {model.Cohort.Loaded.Sha256[..16]}….");
        yield return ("5b", "Data: dates", null);
        yield return ("6a–c", "Participants: setting, eligibility, treatments", protocol.Site is null ? null : $"Sites in column {protocol.Site}; setting and eligibility are for the authors.");
        yield return ("7", "Data preparation", $"{model.Cohort.Loaded.RejectionCount} cells were not taken, each listed with its reason; {model.Cohort.Loaded.Notes.Count} notes of the reader. No value was changed otherwise.");
        yield return ("8a–c", "Outcome", $"Column {model.Cohort.Outcome.Name}: {model.Cohort.Outcome.Event} against {model.Cohort.Outcome.Other}; {model.Cohort.Outcome.Values.Count(double.IsNaN)} rows without outcome. Assessment and blinding are for the authors.");
        yield return ("9a–c", "Predictors", string.Join("; ", model.Design.Terms.Select(Term)) + (protocol.KnownLater.Count > 0 ? $". Not known at prediction: {string.Join(", ", protocol.KnownLater)}" : "") + ".");
        yield return ("10", "Sample size", $"{n} subjects, {model.Events} events, {parameters} parameters: {Math.Min(model.Events, n - model.Events) / (double)parameters:0.0} events per parameter. {(model.Warnings.Any(w => w.Code == "sample-size") ? model.Warnings.First(w => w.Code == "sample-size").Text : "Riley's criteria are met.")}");
        yield return ("11", "Missing data", protocol.Kind == StudyKind.Impute
            ? $"Multiple imputation by chained equations, {protocol.Imputations} tables, pooled by Rubin's rules."
            : $"{(protocol.Missing == MissingPolicy.Indicator ? "Missing indicator (biased in general)" : "Complete cases")}: {model.Design.Dropped} of {n + model.Design.Dropped} subjects left out.");
        yield return ("12a", "Analytical methods: use of data", "All subjects with complete values were used for development.");
        yield return ("12b", "Handling of predictors", string.Join("; ", model.Design.Terms.Select(t => t.Kind switch { TermKind.Spline => $"{t.Name}: restricted cubic spline, knots {string.Join(", ", t.Knots.Select(k => k.ToString("G5")))}", TermKind.Linear => $"{t.Name}: linear", TermKind.Categorical => $"{t.Name}: levels against {t.Levels[0]}", _ => $"{t.Name}: product" })) + ".");
        yield return ("12c", "Model type, building and internal validation", $"{(protocol.Firth ? "Firth's penalised logistic" : "Maximum-likelihood logistic")} regression with all factors fixed beforehand{(corrected is null ? "; no internal validation in this run" : $"; Harrell's bootstrap, {json["validate"]!["B"]} samples")}.");
        yield return ("12d", "Heterogeneity between clusters", protocol.Site is null ? null : json["leave_one_site_out"] is null ? $"Site column {protocol.Site} given." : "Leave-one-site-out validation, reported.");
        yield return ("12e", "Performance measures", "AUC with DeLong's interval, calibration in groups and as a curve, Hosmer–Lemeshow, Brier score, decision curve.");
        yield return ("12f", "Model updating", "None.");
        yield return ("12g", "Calculation of predictions", "1 / (1 + exp(−logit)); all coefficients are printed.");
        yield return ("13", "Class imbalance", $"{100.0 * model.Events / n:0.0} % events; no resampling or reweighting was used.");
        yield return ("14", "Fairness", null);
        yield return ("15", "Model output", "Risk between 0 and 1; no classification threshold is built in.");
        yield return ("16", "Training versus evaluation", $"Same subjects; optimism is estimated by resampling where validation was run.{(json["external_validation"] is { } judged ? $" A second cohort of {judged["n"]} subjects took no part in the fit." : "")}");
        yield return ("17", "Ethical approval", null);
        yield return ("18a–f", "Open science: funding, conflicts, protocol, registration, data, code", $"Frozen protocol SHA-256 {protocol.Sha256()[..16]}…, printed in full below; the rest is for the authors.");
        yield return ("19", "Patient and public involvement", null);
        yield return ("20a", "Results: flow of participants", $"{model.Cohort.Table.Rows} rows; {model.Cohort.Outcome.Values.Count(double.IsNaN)} without outcome; {model.Design.Dropped} with a missing factor; {n} analysed, {model.Events} with the event.");
        yield return ("20b", "Results: characteristics", json["table1"] is null ? null : "Table 1.");
        yield return ("20c", "Results: comparison of development and evaluation data", json["external_validation"] is { } second ? $"{n} subjects with {100.0 * model.Events / n:0.0} % events against {second["n"]} with {100 * second["observed"]!.GetValue<double>():0.0} % in the second cohort; distributions of the factors are for the authors." : "Not applicable: one data set.");
        yield return ("21", "Model development: numbers in each analysis", $"{n} subjects and {model.Events} events in every analysis.");
        yield return ("22", "Model specification", "All coefficients with the intercept, printed; also as a nomogram.");
        yield return ("23a", "Model performance", $"AUC {model.Roc.Area:0.000} (apparent){(corrected is null ? "" : $", {corrected.GetValue<double>():0.000} corrected for optimism")}{(json["external_validation"]?["auc"] is { } outside ? $", {outside.GetValue<double>():0.000} in the second cohort" : "")}; Brier {model.Brier:0.0000}.");
        yield return ("23b", "Heterogeneity in performance", json["leave_one_site_out"] is null ? null : "Leave-one-site-out, reported.");
        yield return ("24", "Model updating: results", "Not applicable.");
        yield return ("25", "Interpretation", null);
        yield return ("26", "Limitations", model.Warnings.Count == 0 ? null : string.Join(" ", model.Warnings.Select(w => w.Text)));
        yield return ("27a–c", "Usability: poor or missing input, interaction with users, next steps", "A missing factor gives no prediction from this model.");
    }

    private static string Term(DesignTerm term) => term.Kind == TermKind.Categorical ? $"{term.Name} ({string.Join(", ", term.Levels)})" : term.Name + (term.Unit is null ? "" : $" ({term.Unit})");
}
