using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Our own limits on the size of an operation, fragments followed: depth, aliases, directives.</summary>
internal sealed class OperationLimits(ValidationContext context) : ValidationRule(context)
{
    private readonly Dictionary<string, OperationSize> _fragments = new(StringComparer.Ordinal);

    public override void EnterOperation(OperationDefinitionNode node)
    {
        var size = OperationSize.Of(node, Context, _fragments);
        var limits = Context.Limits;
        if (size.Depth > limits.SelectionDepth)
            ReportLimit(ErrorCodes.TooDeep, $"The operation selects fields {size.Depth} levels deep; at most {limits.SelectionDepth} are allowed.", node);
        if (size.Aliases > limits.Aliases)
            ReportLimit(ErrorCodes.TooManyAliases, $"The operation has {size.Aliases} aliases; at most {limits.Aliases} are allowed.", node);
        if (size.Directives > limits.Directives)
            ReportLimit(ErrorCodes.TooManyDirectives, $"The operation has {size.Directives} directives; at most {limits.Directives} are allowed.", node);
    }
}
