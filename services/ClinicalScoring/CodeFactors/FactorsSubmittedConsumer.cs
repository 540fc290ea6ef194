using System.Diagnostics;
using BoneMet.Contracts.Events;
using MassTransit;

namespace BoneMet.ClinicalScoring.CodeFactors;

/// <summary>Codes the factors of a case. The coding is a pure function, so that doing it twice says the same thing twice.</summary>
internal sealed class FactorsSubmittedConsumer(TimeProvider clock) : IConsumer<FactorsSubmitted>
{
    public Task Consume(ConsumeContext<FactorsSubmitted> context)
    {
        var submitted = context.Message;
        return CodeFactors.Handle(submitted.Factors) switch
        {
            CodeResult.Coded coded => context.Publish(
                new FactorsScored { CaseId = submitted.CaseId, InputHash = submitted.InputHash, Coded = coded.Factors, At = clock.GetUtcNow() },
                context.CancellationToken),
            CodeResult.NotTaken refused => context.Publish(
                new StrandFailed
                {
                    CaseId = submitted.CaseId,
                    Strand = Strand.Clinical,
                    InputHash = submitted.InputHash,
                    Code = "factors-not-taken",
                    Reason = string.Join(" ", refused.Problems.Select(problem => $"{problem.Name}: {problem.Reason}")),
                    At = clock.GetUtcNow(),
                },
                context.CancellationToken),
            _ => throw new UnreachableException(),
        };
    }
}
