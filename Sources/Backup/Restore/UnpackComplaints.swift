/// What GNU tar says of entries that it could not bring back. An entry that a container made so costs itself only.
struct UnpackComplaints {
    /// For people; `nil` when everything came back, or something else is wrong than single entries.
    let loss: String?

    /// `lines` that it said, to its end.
    init(_ lines: [String]) {
        let said = lines.filter { !Self.isHarmless($0) }
        guard let first = said.first, said.allSatisfy(Self.isOfOneEntry), lines.contains(where: Self.endsWell) else {
            loss = nil
            return
        }
        let count = said.count == 1 ? "an entry of it" : "\(said.count) or more entries of it"
        let sample = first.dropFirst("tar: ".count)
        loss = "\(count) cannot be brought back: '\(sample.prefix(60))…\(sample.suffix(60))'"
    }

    private static func isHarmless(_ line: String) -> Bool {
        line.contains(": Warning: ") || line.contains("implausibly old time stamp")
            || line.hasSuffix(" s in the future") || line.contains("Removing leading") || endsWell(line)
    }

    /// It went on after each of them.
    private static func endsWell(_ line: String) -> Bool {
        line == "tar: Exiting with failure status due to previous errors"
    }

    /// A path that no program can name, and what leads to one; a device that this host does not let be made.
    private static func isOfOneEntry(_ line: String) -> Bool {
        line.hasSuffix(": File name too long") || line.contains(": Cannot mknod: Operation not permitted")
            || line.contains(": Cannot hard link to ") && line.hasSuffix(": No such file or directory")
    }
}
