using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>What a source knows of a row and no field of ours holds, under the name that the source has for it.</summary>
public abstract class FreeAttribute
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    /// <summary>The name of the attribute.</summary>
    [Personal] public string Key { get; set; } = "";
    /// <summary>The value of the attribute, as text.</summary>
    [Folded, Personal] public string Value { get; set; } = "";
    /// <summary>The value of the attribute as a number, to four decimals; null if the text is no number.</summary>
    [FixedPoint, Derived] public long? Number { get; set; }
}

/// <summary>A free attribute of a fact: key (CustomerId, FactId, Key).</summary>
public abstract class FreeFactAttribute : FreeAttribute
{
    [GraphQLIgnore] public Guid FactId { get; set; }
}
