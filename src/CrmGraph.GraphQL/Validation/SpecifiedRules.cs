using CrmGraph.GraphQL.Validation.Rules;

namespace CrmGraph.GraphQL.Validation;

/// <summary>All rules. A new rule is a file in Rules and a line here; the order is the order of the errors at one place.</summary>
internal static class SpecifiedRules
{
    /// <summary>Section 5, and our own limits at the end.</summary>
    public static IReadOnlyList<Func<ValidationContext, ValidationRule>> Executable { get; } =
    [
        static c => new ExecutableDefinitions(c),
        static c => new KnownOperationTypes(c),
        static c => new UniqueOperationNames(c),
        static c => new LoneAnonymousOperation(c),
        static c => new SingleFieldSubscriptions(c),
        static c => new KnownTypeNames(c),
        static c => new FragmentsOnCompositeTypes(c),
        static c => new VariablesAreInputTypes(c),
        static c => new ScalarLeafs(c),
        static c => new FieldsOnCorrectType(c),
        static c => new UniqueFragmentNames(c),
        static c => new KnownFragmentNames(c),
        static c => new NoUnusedFragments(c),
        static c => new PossibleFragmentSpreads(c),
        static c => new NoFragmentCycles(c),
        static c => new UniqueVariableNames(c),
        static c => new NoUndefinedVariables(c),
        static c => new NoUnusedVariables(c),
        static c => new KnownDirectives(c),
        static c => new UniqueDirectivesPerLocation(c),
        static c => new KnownArgumentNames(c),
        static c => new UniqueArgumentNames(c),
        static c => new ValuesOfCorrectType(c),
        static c => new ProvidedRequiredArguments(c),
        static c => new VariablesInAllowedPosition(c),
        static c => new OverlappingFieldsCanBeMerged(c),
        static c => new UniqueInputFieldNames(c),
        static c => new MaxIntrospectionDepth(c),
        static c => new OperationLimits(c),
    ];

    /// <summary>The rules for schema documents that need the walk; <c>SdlRules</c> has those that look at definitions as a whole.</summary>
    public static IReadOnlyList<Func<ValidationContext, ValidationRule>> TypeSystem { get; } =
    [
        static c => new KnownTypeNames(c),
        static c => new KnownDirectives(c),
        static c => new UniqueDirectivesPerLocation(c),
        static c => new KnownArgumentNamesOnDirectives(c),
        static c => new UniqueArgumentNames(c),
        static c => new UniqueInputFieldNames(c),
        static c => new ProvidedRequiredArgumentsOnDirectives(c),
    ];
}
