using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Types;

/// <summary>The directives of the specification (sections 3.13.1 to 3.13.5), and the two of the IBM cost directives.</summary>
public static class SpecifiedDirectives
{
    public const string DefaultDeprecationReason = "No longer supported";

    private static readonly NonNullType RequiredBoolean = new(Scalars.Boolean);
    private static readonly NonNullType RequiredString = new(Scalars.String);

    public static DirectiveDefinition Include { get; }
        = new("include", [DirectiveLocations.Field, DirectiveLocations.FragmentSpread, DirectiveLocations.InlineFragment])
        {
            Description = "Keeps this field or fragment only when the argument is true.",
            Arguments = [new("if", RequiredBoolean) { Description = "Kept when true." }],
        };

    public static DirectiveDefinition Skip { get; }
        = new("skip", [DirectiveLocations.Field, DirectiveLocations.FragmentSpread, DirectiveLocations.InlineFragment])
        {
            Description = "Leaves this field or fragment out when the argument is true.",
            Arguments = [new("if", RequiredBoolean) { Description = "Left out when true." }],
        };

    public static DirectiveDefinition Deprecated { get; } = new("deprecated",
        [DirectiveLocations.FieldDefinition, DirectiveLocations.ArgumentDefinition, DirectiveLocations.InputFieldDefinition, DirectiveLocations.EnumValue])
    {
        Description = "This part of the schema should no longer be used.",
        Arguments =
        [
            new("reason", RequiredString)
            {
                Description = "Why, and what to use instead, as Markdown.",
                DefaultValue = new StringValueNode(DefaultDeprecationReason),
            },
        ],
    };

    public static DirectiveDefinition SpecifiedBy { get; } = new("specifiedBy", [DirectiveLocations.Scalar])
    {
        Description = "Where the behaviour of this scalar is specified.",
        Arguments = [new("url", RequiredString) { Description = "The address of the specification." }],
    };

    public static DirectiveDefinition OneOf { get; } = new("oneOf", [DirectiveLocations.InputObject])
    {
        Description = "Exactly one field must be given, and it must not be null.",
    };

    /// <summary>Weight of an element for cost analysis.</summary>
    public static DirectiveDefinition Cost { get; } = new("cost",
    [
        DirectiveLocations.Scalar, DirectiveLocations.Object, DirectiveLocations.FieldDefinition, DirectiveLocations.ArgumentDefinition,
        DirectiveLocations.Enum, DirectiveLocations.InputFieldDefinition,
    ])
    {
        Description = "What this element adds to the cost of a request.",
        Arguments = [new("weight", RequiredString) { Description = "A number, added to the costs of the element's parts." }],
    };

    /// <summary>Expected length of a list for cost analysis.</summary>
    public static DirectiveDefinition ListSize { get; } = new("listSize", [DirectiveLocations.FieldDefinition])
    {
        Description = "How long the field's list may become, for the cost of a request.",
        Arguments =
        [
            new("assumedSize", Scalars.Int) { Description = "The greatest length when no argument says it." },
            new("slicingArguments", new ListType(RequiredString)) { Description = "The arguments that set the length." },
            new("slicingArgumentDefaultValue", Scalars.Int) { Description = "The length when no slicing argument is given." },
            new("sizedFields", new ListType(RequiredString)) { Description = "The fields below that hold the list, when it is not the field itself." },
            new("requireOneSlicingArgument", Scalars.Boolean)
            {
                Description = "Whether exactly one slicing argument must be given.",
                DefaultValue = new BooleanValueNode(true),
            },
        ],
    };

    /// <summary>Those that every schema has.</summary>
    public static IReadOnlyList<DirectiveDefinition> Specified { get; } = [Include, Skip, Deprecated, SpecifiedBy, OneOf];

    public static bool IsSpecified(string name) => name is "include" or "skip" or "deprecated" or "specifiedBy" or "oneOf";
}
