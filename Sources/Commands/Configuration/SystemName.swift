internal import Glibc

/// The name that the system gives this machine.
enum SystemName {
    /// Up to the first dot; `nil` where it has none.
    static var short: String? {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 && $0 != 46 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
