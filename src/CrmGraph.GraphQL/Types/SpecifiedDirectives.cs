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
            Description = "Includes the field or fragment only if the argument is true.",
            Arguments = [new("if", RequiredBoolean) { Description = "Included if true." }],
        };

    public static DirectiveDefinition Skip { get; }
        = new("skip", [DirectiveLocations.Field, DirectiveLocations.FragmentSpread, DirectiveLocations.InlineFragment])
        {
            Description = "Skips the field or fragment if the argument is true.",
            Arguments = [new("if", RequiredBoolean) { Description = "Skipped if true." }],
        };

    public static DirectiveDefinition Deprecated { get; } = new("deprecated",
        [DirectiveLocations.FieldDefinition, DirectiveLocations.ArgumentDefinition, DirectiveLocations.InputFieldDefinition, DirectiveLocations.EnumValue])
    {
        Description = "Marks an element of the schema as no longer supported.",
        Arguments =
        [
            new("reason", RequiredString)
            {
                Description = "Why the element is deprecated and what to use instead, as Markdown.",
                DefaultValue = new StringValueNode(DefaultDeprecationReason),
            },
        ],
    };

    public static DirectiveDefinition SpecifiedBy { get; } = new("specifiedBy", [DirectiveLocations.Scalar])
    {
        Description = "Gives the URL at which the behavior of a scalar is specified.",
        Arguments = [new("url", RequiredString) { Description = "The URL of the specification." }],
    };

    public static DirectiveDefinition OneOf { get; } = new("oneOf", [DirectiveLocations.InputObject])
    {
        Description = "Requires exactly one field of the input object, with a value other than null.",
    };

    /// <summary>Weight of an element for cost analysis.</summary>
    public static DirectiveDefinition Cost { get; } = new("cost",
    [
        DirectiveLocations.Scalar, DirectiveLocations.Object, DirectiveLocations.FieldDefinition, DirectiveLocations.ArgumentDefinition,
        DirectiveLocations.Enum, DirectiveLocations.InputFieldDefinition,
    ])
    {
        Description = "The cost that the element adds to a request.",
        Arguments = [new("weight", RequiredString) { Description = "A number; it is added to the cost of the element's parts." }],
    };

    /// <summary>Expected length of a list for cost analysis.</summary>
    public static DirectiveDefinition ListSize { get; } = new("listSize", [DirectiveLocations.FieldDefinition])
    {
        Description = "The maximum length of a list, from which the cost of a request is estimated.",
        Arguments =
        [
            new("assumedSize", Scalars.Int) { Description = "The maximum length if no argument limits it." },
            new("slicingArguments", new ListType(RequiredString)) { Description = "The arguments that limit the length." },
            new("slicingArgumentDefaultValue", Scalars.Int) { Description = "The length if no slicing argument is given." },
            new("sizedFields", new ListType(RequiredString)) { Description = "The subfields that hold the list, if it is not the field itself." },
            new("requireOneSlicingArgument", Scalars.Boolean)
            {
                Description = "Whether exactly one slicing argument is required.",
                DefaultValue = new BooleanValueNode(true),
            },
        ],
    };

    /// <summary>Those that every schema has.</summary>
    public static IReadOnlyList<DirectiveDefinition> Specified { get; } = [Include, Skip, Deprecated, SpecifiedBy, OneOf];

    public static bool IsSpecified(string name) => name is "include" or "skip" or "deprecated" or "specifiedBy" or "oneOf";
}
