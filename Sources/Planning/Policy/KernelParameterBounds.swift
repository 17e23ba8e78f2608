/// Between what values a plan may set the kernel parameters of the policy's default list: beyond them one commit would starve
/// every service of the host, ssh and Fairlead too.
///
/// A bound is the smallest value that a kernel or a distribution had as its default, or the largest that people run hosts
/// with; not today's default: what databases' manuals say stays possible.
enum KernelParameterBounds {
    /// For each number of the value, in order.
    private static let ranges: [String: [ClosedRange<UInt64>]] = [
        "fs.aio-max-nr": [65_536...most],
        "fs.inotify.max_queued_events": [16_384...most],
        "fs.inotify.max_user_instances": [128...most],
        "fs.inotify.max_user_watches": [8_192...most],
        "kernel.sem": [250...most, 32_000...most, 32...most, 128...most],
        "kernel.shmall": [2_097_152...most],
        "kernel.shmmax": [33_554_432...most],
        "kernel.shmmni": [4_096...most],
        "net.core.netdev_max_backlog": [1_000...most],
        "net.core.rmem_max": [212_992...most],
        "net.core.somaxconn": [128...most],
        "net.core.wmem_max": [212_992...most],
        // Not among the ports of services, and ten thousand at the least.
        "net.ipv4.ip_local_port_range": [1_024...49_152, 60_999...65_535],
        "net.ipv4.tcp_fin_timeout": [5...120],
        "net.ipv4.tcp_keepalive_intvl": [5...most],
        "net.ipv4.tcp_keepalive_probes": [3...most],
        "net.ipv4.tcp_keepalive_time": [30...most],
        "net.ipv4.tcp_max_syn_backlog": [128...most],
        "net.ipv4.tcp_rmem": [4_096...65_536, 65_536...16_777_216, 1_048_576...most],
        "net.ipv4.tcp_wmem": [4_096...65_536, 16_384...16_777_216, 1_048_576...most],
        "vm.dirty_background_bytes": [16_777_216...4_294_967_296],
        "vm.dirty_background_ratio": [1...40],
        "vm.dirty_bytes": [33_554_432...4_294_967_296],
        "vm.dirty_expire_centisecs": [100...6_000],
        "vm.dirty_ratio": [5...60],
        "vm.dirty_writeback_centisecs": [100...3_000],
        "vm.max_map_count": [65_530...most],
        // 2 refuses memory to whoever asks next.
        "vm.overcommit_memory": [0...1],
        "vm.swappiness": [0...100],
    ]

    private static let most = UInt64.max

    /// What `value` had to be, in words; `nil` where it is that, or nothing is known of the parameter.
    static func demand(on parameter: String, as value: String) -> String? {
        guard let ranges = ranges[parameter] else { return nil }
        let numbers = value.split(whereSeparator: \.isWhitespace).map(number)
        let fits = numbers.count == ranges.count && zip(numbers, ranges).allSatisfy { $0.map($1.contains) ?? false }
        guard !fits else { return nil }
        let words = ranges.map {
            $0.upperBound == most ? "\($0.lowerBound) or more" : "\($0.lowerBound) to \($0.upperBound)"
        }
        return words.joined(separator: ", then ")
    }

    /// The kernel reads `010` as 8, and `0x` as hex.
    private static func number(_ text: Substring) -> UInt64? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text == "0" || text.first != "0" else { return nil }
        return UInt64(text)
    }
}
