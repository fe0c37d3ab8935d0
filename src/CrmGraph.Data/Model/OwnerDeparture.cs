namespace CrmGraph.Data.Model;

/// <summary>
/// A customer of an owner, or a fact of such a customer, went to somebody else or was deleted: triggers write one for each, whoever writes. As many of
/// them as before means that the owner sees everything that he saw before.
/// </summary>
[Traits(TableTraits.None, Key = "sequence")]
public sealed class OwnerDeparture
{
    public long Sequence { get; set; }
    public Guid OwnerId { get; set; }
}
