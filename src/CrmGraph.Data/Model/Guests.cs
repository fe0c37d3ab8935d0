namespace CrmGraph.Data.Model;

/// <summary>
/// The reserved customers that hold facts without a customer. Their ids are fixed, <c>00000000-0000-8000-8000-0000000000NN</c>, so that every database and
/// every server agrees on them, and whose fact is a guest's is told without looking at the customer.
/// </summary>
public static class Guests
{
    public const int Count = 64;

    public static Guid First { get; } = IdOf(0);
    public static Guid Last { get; } = IdOf(Count - 1);

    /// <param name="number">Below <see cref="Count"/>.</param>
    public static Guid IdOf(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count);
        return new(0, 0, 0x8000, 0x80, 0, 0, 0, 0, 0, 0, (byte)number);
    }

    public static bool IsGuest(Guid customer) => customer >= First && customer <= Last;

    /// <summary>The number of which <see cref="IdOf"/> makes this id.</summary>
    public static int NumberOf(Guid guest) => guest.ToByteArray(bigEndian: true)[^1];
}
