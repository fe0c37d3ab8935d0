namespace CrmGraph.Data.Model;

/// <summary>A set of numbers as bytes: ascending, each as its distance from the one before, in groups of seven bits (LEB128).</summary>
public static class NumberSet
{
    /// <param name="numbers">In ascending order, none of them negative or twice.</param>
    public static byte[] Encode(ReadOnlySpan<int> numbers)
    {
        var bytes = new byte[numbers.Length * 5];
        var (length, last) = (0, 0);
        foreach (var number in numbers)
        {
            var distance = (uint)(number - last);
            last = number;
            for (; distance >= 0x80; distance >>= 7)
                bytes[length++] = (byte)(distance | 0x80);
            bytes[length++] = (byte)distance;
        }

        return bytes[..length];
    }

    public static int[] Decode(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var part in bytes)
            count += part < 0x80 ? 1 : 0;
        var numbers = new int[count];
        var (place, last) = (0, 0u);
        for (var i = 0; i < count; i++)
        {
            byte part;
            var shift = 0;
            do
            {
                part = bytes[place++];
                last += (uint)(part & 0x7F) << shift;
                shift += 7;
            }
            while (part >= 0x80);
            numbers[i] = (int)last;
        }

        return numbers;
    }
}
