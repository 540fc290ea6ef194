namespace BoneMet.Statistics.Regression;

/// <summary>What came of a logistic fit: the fit, or why there is none.</summary>
public abstract record LogisticOutcome
{
    private LogisticOutcome() { }

    /// <summary>The model is fitted and has converged.</summary>
    /// <param name="Fit">The fit.</param>
    public sealed record Fitted(LogisticFit Fit) : LogisticOutcome;

    /// <summary>A combination of columns separates the classes, so the maximum-likelihood estimate is infinite; Firth's method gives a finite one.</summary>
    /// <param name="Columns">Columns whose estimates run to infinity.</param>
    /// <param name="Complete">True for complete, false for quasi-complete separation.</param>
    /// <param name="Message">One sentence for the reader.</param>
    public sealed record Separated(IReadOnlyList<string> Columns, bool Complete, string Message) : LogisticOutcome;

    /// <summary>The data do not determine the model.</summary>
    /// <param name="Code">Stable code: <c>one-class</c>, <c>constant-column</c>, <c>collinear</c>, <c>too-few-rows</c>, <c>not-converged</c>, <c>not-a-number</c>, <c>not-binary</c>, <c>bad-weight</c>, <c>shape</c>.</param>
    /// <param name="Columns">Columns concerned, if any.</param>
    /// <param name="Message">One sentence for the reader.</param>
    public sealed record Refused(string Code, IReadOnlyList<string> Columns, string Message) : LogisticOutcome;

    /// <summary>The fit, or a <see cref="StatisticsException"/> with the code and the sentence of why there is none.</summary>
    public LogisticFit Require() => this switch
    {
        Fitted fitted => fitted.Fit,
        Separated separated => throw new StatisticsException("separation", separated.Message),
        Refused refused => throw new StatisticsException(refused.Code, refused.Message),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
