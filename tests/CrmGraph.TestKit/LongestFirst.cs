using Xunit;
using Xunit.Abstractions;

namespace CrmGraph.TestKit;

/// <summary>
/// Classes run beside each other, the tests of one after another: what takes longest begins first, so that no class is left over that keeps one
/// processor busy alone. The others follow in the order that xunit gives them.
/// </summary>
/// <param name="longest">Names of classes, or of collections where several classes are one.</param>
public abstract class LongestFirst(params string[] longest) : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(Place).ThenBy(c => c.UniqueID);

    private int Place(ITestCollection collection)
    {
        var place = Array.FindIndex(longest, name => collection.DisplayName == name || collection.DisplayName.EndsWith("." + name, StringComparison.Ordinal));
        return place < 0 ? longest.Length : place;
    }
}
