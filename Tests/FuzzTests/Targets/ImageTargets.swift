import Foundation
import Model
import Planning

/// What whoever makes an image writes into it.
extension FuzzTarget {
    static let imageTargets = [
        Self(name: "image-label", words: planWords, inputs: 500) { input in
            let accepted = try ["health", "liveness"].filter { key in
                var image = ImageConfiguration(command: ["/app"])
                image.labels = ["io.fairlead.\(key)": String(decoding: input, as: UTF8.self)]
                return try follows(image)
            }
            return !accepted.isEmpty
        }
    ]

    /// A label that can be followed is saved and read again as it was; of any other one line is told.
    private static func follows(_ image: ImageConfiguration) throws -> Bool {
        let container = ContainerPlan(image: .build(BuildContext(path: "images/web", contentDigest: "00")))
        let plan = ResolvedPlan(stack: "acme", version: "1", host: "vsn1", containers: ["web": container])
        guard let check = ImageCheck(image, of: "web", in: plan) else { throw FuzzFault("there is no container") }
        if let obstacle = check.obstacle(on: nil, under: VSNPolicy()) {
            guard !obstacle.message.contains(where: \.isNewline), obstacle.message.utf8.count < 4000 else {
                throw FuzzFault("an obstacle that is not one line: \(obstacle.message)")
            }
            return false
        }
        guard try JSONDecoder().decode(ImageFacts.self, from: JSONEncoder().encode(check.facts)) == check.facts else {
            throw FuzzFault("what an image says is something else when it is read again")
        }
        return true
    }
}
