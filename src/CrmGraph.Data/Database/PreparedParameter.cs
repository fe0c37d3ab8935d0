namespace CrmGraph.Data.Database;

/// <summary>What of a value goes into a parameter: all of it, the pattern of a search for it, or one item of the list that it is.</summary>
internal enum ParameterPart { Whole, ContainsPattern, Item }

/// <summary>A parameter of a statement that is bound again and again.</summary>
/// <param name="Value">The place of the value among the shape's.</param>
/// <param name="Item">For <see cref="ParameterPart.Item"/>: from 0.</param>
internal readonly record struct PreparedParameter(string Name, int Value, ParameterPart Part, int Item, int StoreType);
