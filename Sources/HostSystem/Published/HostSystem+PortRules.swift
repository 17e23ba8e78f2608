internal import Processes

extension HostSystem {
    /// What Bash prints that lists the rules of this host's firewall, which no unit of Fairlead may ask for.
    package func portRules(listedBy script: String) async throws -> [UInt8] {
        let words = try UnconfinedProgram(self).words(
            ["/bin/bash", "-c", script], needing: .networkAdministration, within: .seconds(10), isFrequent: true)
        return try await Command(words[0], Array(words.dropFirst()), deadline: .seconds(20)).run().output
    }
}
