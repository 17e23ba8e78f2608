internal import Model

/// Where a value and everything in it stands, as byte offsets.
struct SourcePlaces: Sendable {
    /// Of the member's name; `nil` outside objects.
    var name: Int?
    var value: Int
    var members: [String: SourcePlaces] = [:]
    var elements: [SourcePlaces] = []

    /// The place a JSON pointer leads to, or the last existing one on the way.
    func nearest(to pointer: String) -> SourcePlaces {
        var place = self
        for part in JSONPointer.parts(of: pointer) {
            let index = Int(part) ?? -1
            guard
                let next = place.members[part] ?? (place.elements.indices.contains(index) ? place.elements[index] : nil)
            else { break }
            place = next
        }
        return place
    }
}
