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

    /// <summary>Tells each number.</summary>
    public static Reader Decode(ReadOnlySpan<byte> bytes) => new(bytes);

    public ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _place;

        public int Current { get; private set; }

        public readonly Reader GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_place == _bytes.Length)
                return false;
            var (distance, shift) = (0u, 0);
            byte part;
            do
            {
                part = _bytes[_place++];
                distance |= (uint)(part & 0x7F) << shift;
                shift += 7;
            }
            while (part >= 0x80);
            Current += (int)distance;
            return true;
        }
    }
}
